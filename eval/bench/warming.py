"""Bringing an assistant to where a server is after a quiet minute."""

from __future__ import annotations

from collections import deque

from eval.bench.counting import counting
from rag import Assistant
from rag.answering.reading_ahead import read_ahead, read_rules_ahead
from rag.generation.base import ReadsAhead


def warm(assistant: Assistant) -> None:
    """Have the passages read ahead, as a server does while nobody chats; what was read before is passed over."""
    if isinstance(assistant.generator, ReadsAhead):
        with counting("passages read", assistant.snapshot.manifest.passages) as done:
            for stream in read_rules_ahead(assistant.generator):
                deque(stream, 0)
            for stream in read_ahead(assistant.snapshot, assistant.generator):
                deque(stream, 0)
                done()
