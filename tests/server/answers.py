"""Answers made by hand, and a strategy for answers of every form."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from hypothesis import strategies as st

from rag.domain import (
    Answer,
    AnswerSentence,
    Citation,
    DocumentReference,
    ModelInfo,
    Sufficiency,
    Timings,
    Usage,
    Verdict,
)

SNAPSHOT = "5" * 64


def citation_of(  # noqa: PLR0917 - all by name
    marker: int = 1,
    quote: str = "Apple chose Alibaba.",
    title: str = "Apple and Alibaba",
    document_id: str = "apple",
    start: int = 10,
    page: int | None = None,
) -> Citation:
    """Return a citation of ``quote``."""
    document = DocumentReference(document_id, title, f"{document_id}.md", "en", "abcdef" * 10 + "0123")
    return Citation(
        marker, document, f"{document_id}-1", start, start + len(quote), quote, (title, "Why"), page, score=0.9
    )


def sentence_of(text: str, start: int, verdict: Verdict = "supported", citations: Sequence[int] = ()) -> AnswerSentence:
    """Return a sentence of an answer."""
    return AnswerSentence(text, start, start + len(text), verdict, 0.9, tuple(citations))


def answer_of(
    *sentences: tuple[str, Verdict, Sequence[int]],
    citations: Sequence[Citation] = (),
    question: str = "Why did Apple choose Alibaba?",
    gap: str = " ",
) -> Answer:
    """Return an answer of the given sentences (text, verdict, markers), ``gap`` between two; a refusal without any."""
    text, cited = "", []
    for sentence, verdict, markers in sentences:
        text += gap if text else ""
        cited.append(sentence_of(sentence, len(text), verdict, markers))
        text += sentence + "".join(f"[{marker}]" for marker in markers)
    return Answer(
        id=uuid.uuid4().hex,
        question=question,
        standalone_question=question,
        language="en",
        status="answered" if sentences else "not_in_corpus",
        text=text or "The documents do not say.",
        sentences=tuple(cited),
        citations=tuple(citations),
        confidence=0.9,
        snapshot=SNAPSHOT,
        model=ModelInfo("scripted", "0" * 64, "fake"),
        usage=Usage(10, 5, 7),
        timings_ms=Timings(1, 2, 3, 4),
    )


_floats = st.floats(allow_nan=False, allow_infinity=False)
_citations = st.builds(Citation, score=_floats)
_sentences = st.builds(AnswerSentence, support=_floats)
_sufficiency = st.builds(
    Sufficiency,
    gate=_floats,
    probability=st.none() | _floats,
    threshold=_floats,
    features=st.dictionaries(st.text(), _floats, max_size=4),
)
ANSWERS = st.builds(
    Answer,
    id=st.builds(uuid.uuid4).map(lambda identity: identity.hex),  # new ones also where examples repeat
    sentences=st.lists(_sentences, max_size=3).map(tuple),
    citations=st.lists(_citations, max_size=3).map(tuple),
    confidence=_floats,
    sufficiency=st.none() | _sufficiency,
)
