"""Answers made by hand over the tiny corpus: real offsets, chosen verdicts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.domain import (
    Answer,
    AnswerSentence,
    Citation,
    Document,
    DocumentReference,
    ModelInfo,
    Sufficiency,
    Timings,
    Usage,
    Verdict,
)

SNAPSHOT = "5e0c" * 16
MODEL = ModelInfo("qwen2.5-coder-1.5b-instruct-q4_k_m", "cc324af0" * 8, "llama_cpp")
_FEATURES = {
    "dense": 0.87,
    "near": 0.02,
    "coverage": 0.94,
    "cross": 0.0,
    "lacking_numbers": 0.0,
    "states_answer": 2.31,
}


@dataclass(frozen=True)
class Said:
    """A sentence of an answer, its verdict, and the quotes it rests on."""

    text: str
    verdict: Verdict = "supported"
    quotes: Sequence[tuple[Document, str]] = ()
    gap: str = " "


@dataclass(frozen=True)
class Script:
    """What the stub answers. Nothing said: a refusal. ``dropped`` is a first draft that does not hold."""

    said: Sequence[Said] = ()
    language: Literal["en", "zh"] = "en"
    draft: str = ""
    dropped: str = ""
    delay: float = 0.0
    near: Sequence[Document] = ()


def make_answer(question: str, standalone: str, script: Script) -> Answer:
    """Return the Answer that a script comes to."""
    text = ""
    sentences: list[AnswerSentence] = []
    citations: dict[tuple[str, str], Citation] = {}
    for place, said in enumerate(script.said):
        markers = []
        for document, quote in said.quotes:
            markers.append(citations.setdefault((document.id, quote), _citation(len(citations) + 1, document, quote)))
        start = len(text) + (len(said.gap) if place else 0)
        text += (said.gap if place else "") + said.text
        sentences.append(
            AnswerSentence(
                said.text, start, start + len(said.text), said.verdict, 0.9, tuple(c.marker for c in markers)
            )
        )
        text += "".join(f"[{citation.marker}]" for citation in markers)
    refused = not script.said
    return Answer(
        id=uuid.uuid4().hex,
        question=question,
        standalone_question=standalone,
        language=script.language,
        status="not_in_corpus" if refused else "answered",
        text="The corpus does not say." if refused else text,
        sentences=tuple(sentences),
        citations=tuple(citations.values()),
        confidence=0.88 if refused else 0.92,
        snapshot=SNAPSHOT,
        model=MODEL,
        usage=Usage(612, 540, 48),
        timings_ms=Timings(210, 480, 2900, 8230),
        near=tuple(_reference(document) for document in script.near),
        sufficiency=Sufficiency(0.81, 0.12 if refused else 0.92, 0.5, _FEATURES),
    )


def _citation(marker: int, document: Document, quote: str) -> Citation:
    start = document.text.index(quote)
    above = [heading for heading in document.headings if heading.start <= start]
    page = next((page.number for page in document.pages if page.start <= start < page.end), None)
    return Citation(
        marker=marker,
        document=_reference(document),
        passage_id=f"{document.id}-{start}",
        start=start,
        end=start + len(quote),
        quote=quote,
        heading=tuple(heading.title for heading in above if heading.level > 1)[-1:],
        page=page,
        score=0.93,
    )


def _reference(document: Document) -> DocumentReference:
    return DocumentReference(document.id, document.title, document.path, document.language, document.version)
