"""Reading passages into the model before anybody asks about them, so that an answer need not wait for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from rag.answering.evidence import whole_passage
from rag.domain import Passage
from rag.generation.base import ReadsAhead, TokenStream
from rag.generation.prompting import opening, render
from rag.index.snapshot import Snapshot


def read_ahead(snapshot: Snapshot, generator: ReadsAhead) -> Iterator[TokenStream]:
    """Start to read one passage after the other, in order, as the prompt of an answer in its language shows it.

    Iterate each stream to its end, which comes without a token, before taking the next one. Ends where the space for
    what is read is used up.
    """
    for passage in snapshot.passages():
        stream = _read(passage, generator)
        if stream is None:
            return
        yield stream


def _read(passage: Passage, generator: ReadsAhead) -> TokenStream | None:
    language: Literal["en", "zh"] = "zh" if passage.language == "zh" else "en"
    prompt = render("answer", language, evidence="", question="")
    return generator.read_ahead(prompt, opening("answer", language, evidence=whole_passage(passage, language)))
