"""Putting an assistant together from settings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

from rag.answering.assistant import Assistant
from rag.embedding import open_embedder
from rag.generation import open_generator
from rag.generation.base import Generator
from rag.index.snapshot import open_snapshot
from rag.settings import Settings


def open_assistant(settings: Settings, generator: Generator | None = None) -> Assistant:
    """Open the index, the embedder and the generator that ``settings`` name; the caller closes the assistant.

    A ``generator`` given is taken in place of the one of the settings, and closed with the assistant.

    Raises:
        SnapshotError: no index, or one made by another embedder or format.
        ModelError: a model is missing or cannot be loaded.
    """
    with ExitStack() as opened, ThreadPoolExecutor(1) as beside:
        snapshot = opened.enter_context(closing(open_snapshot(settings.index_dir)))
        embedder = beside.submit(open_embedder, settings)
        asked = generator or opened.enter_context(closing(open_generator(settings)))
        assistant = Assistant(settings, snapshot, embedder.result(), asked)
        opened.pop_all()  # the assistant closes them
        return assistant
