from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from eval.records import Record
from eval.suites import Query
from rag.domain import (
    Answer,
    AnswerSentence,
    Citation,
    DocumentReference,
    Hit,
    ModelInfo,
    Passage,
    Timings,
    Usage,
    Verdict,
)

RecordMaker = Callable[..., Record]


def _answer(text: str, cited: Sequence[str], verdicts: Sequence[Verdict], refused: bool) -> Answer:
    sentences = tuple(
        AnswerSentence(text, 0, len(text), verdict, 0.9, tuple(range(1, len(cited) + 1))) for verdict in verdicts
    )
    citations = tuple(
        Citation(i, DocumentReference(name, name, f"{name}.md", "en", "v"), f"{name}:0", 0, 1, "<q>", (), None, 0.9)
        for i, name in enumerate(cited, start=1)
    )
    return Answer(
        id="1",
        question="?",
        standalone_question="?",
        language="en",
        status="not_in_corpus" if refused else "answered",
        text=text,
        sentences=() if refused else sentences,
        citations=() if refused else citations,
        confidence=0.5,
        snapshot="s",
        model=ModelInfo("m", "", "fake"),
        usage=Usage(prompt_tokens=100),
        timings_ms=Timings(first_token=500, total=2000),
    )


@pytest.fixture
def hit() -> Callable[[str], Hit]:
    def make(document: str) -> Hit:
        return Hit(Passage(f"{document}:0", document, document, 0, 1, "t", "en"), 0.5)

    return make


@pytest.fixture
def answer() -> Callable[..., Answer]:
    def make(
        text: str = "Yes",
        cited: Sequence[str] = (),
        verdicts: Sequence[Verdict] = ("supported",),
        refused: bool = False,
    ) -> Answer:
        return _answer(text, cited, verdicts, refused)

    return make


@pytest.fixture
def record(hit: Callable[[str], Hit]) -> RecordMaker:
    def make(
        text: str | None = "Yes",
        *,
        query: Query | None = None,
        found: Sequence[str] = (),
        cited: Sequence[str] = (),
        verdicts: Sequence[Verdict] = ("supported",),
        refused: bool = False,
        relevant: Sequence[str] = ("a",),
        answerable: bool = True,
        answers: Sequence[str] = ("Yes",),
    ) -> Record:
        query = query or Query("q", "Who?", "en", "set", answerable, relevant=tuple(relevant), answers=tuple(answers))
        answer = None if text is None else _answer(text, cited, verdicts, refused)
        return Record(query, "Who?", tuple(hit(document) for document in found), answer)

    return make
