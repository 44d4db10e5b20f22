"""What a chat reports to its client, step by step; the last event is the Answer itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from pydantic import BaseModel

from rag import Cited, Concluded, Drafted, Event, Found, Translating, Understood, Verifying
from rag.domain import Answer, AnswerSentence, Citation, Hit


class ChatStatus(BaseModel):
    """What is being done."""

    step: Literal["rewriting", "searching", "reading", "verifying", "translating"]
    standalone_question: str | None


class EvidenceHit(BaseModel):
    """A passage that retrieval brought."""

    passage_id: str
    document_id: str
    title: str
    heading: list[str]
    page: int | None
    start: int
    end: int
    text: str
    score: float


class EvidenceLine(BaseModel):
    """A sentence that the model reads."""

    text: str
    start: int
    end: int
    passage_id: str
    document_id: str
    relevance: float


class ChatEvidence(BaseModel):
    """What was found, before anything is written; it comes again, with more, before another draft."""

    hits: list[EvidenceHit]
    sentences: list[EvidenceLine]


class ChatToken(BaseModel):
    """A piece of the draft, which may yet give way to a refusal."""

    text: str


class ChatSentence(BaseModel):
    """A finished sentence of the draft with its verdict, and the citations that it brings in."""

    sentence: AnswerSentence
    citations: list[Citation]


ChatEvent: TypeAlias = ChatStatus | ChatEvidence | ChatToken | ChatSentence | Answer


def events_to_tell(event: Event) -> Sequence[ChatEvent]:
    """Return what a client is told of a step of the assistant."""
    match event:
        case Understood(standalone_question):
            return [ChatStatus(step="searching", standalone_question=standalone_question)]
        case Found():
            return [_evidence(event), ChatStatus(step="reading", standalone_question=None)]
        case Drafted(text):
            return [ChatToken(text=text)]
        case Cited(sentence, citations):
            return [ChatSentence(sentence=sentence, citations=list(citations))]
        case Verifying() | Translating():
            step: Literal["verifying", "translating"] = "verifying" if isinstance(event, Verifying) else "translating"
            return [ChatStatus(step=step, standalone_question=None)]
        case Concluded(answer):
            return [answer]


def _evidence(found: Found) -> ChatEvidence:
    lines = [
        EvidenceLine(
            text=line.text,
            start=line.start,
            end=line.end,
            passage_id=line.passage.id,
            document_id=line.passage.document_id,
            relevance=line.relevance,
        )
        for line in found.evidence
    ]
    return ChatEvidence(hits=[_evidence_hit(hit) for hit in found.hits], sentences=lines)


def _evidence_hit(hit: Hit) -> EvidenceHit:
    passage = hit.passage
    return EvidenceHit(
        passage_id=passage.id,
        document_id=passage.document_id,
        title=passage.title,
        heading=list(passage.heading_path),
        page=passage.page,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=hit.score,
    )
