"""Values for the OpenAPI document: one question on a tiny document, told in every reply alike."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import to_jsonable_python

from rag.domain import (
    Answer,
    AnswerSentence,
    Citation,
    DocumentReference,
    Heading,
    ModelInfo,
    Passage,
    Span,
    Sufficiency,
    Timings,
    Usage,
)
from server.documents import DocumentDetail, DocumentList, DocumentSummary
from server.schemas import Readiness, SearchHit, SearchReply, answer_json

_QUESTION = "Why did Apple choose Alibaba?"
_TEXT = "Choosing a partner\n\nApple chose Alibaba for its consumer data."
_QUOTE = _TEXT[20:]
_TITLE = "Choosing a partner"
_VERSION = "9f2c5b7e61d04a8fb3c9e0d7a1548c6f2b7d9e3a5c1f8064d2b7a9e3c5f10864"
_SNAPSHOT = "5d2e8481014e0a7afef9f3f0653f7f61e6e9085afbfece9cac6af82211361411"
_DOCUMENT = DocumentReference("choosing-a-partner", _TITLE, "en/choosing-a-partner.md", "en", _VERSION)

ANSWER = Answer(
    id="3f0c1a7e5b9d4c2e8a6f7b1d0e9c8a75",
    question=_QUESTION,
    standalone_question=_QUESTION,
    language="en",
    status="answered",
    text=f"{_QUOTE}[1]",
    sentences=(AnswerSentence(_QUOTE, 0, len(_QUOTE), "supported", 0.97, (1,)),),
    citations=(Citation(1, _DOCUMENT, "1419547deabc043a", 20, len(_TEXT), _QUOTE, (_TITLE,), None, 0.97),),
    confidence=0.93,
    snapshot=_SNAPSHOT,
    model=ModelInfo("qwen2.5-coder-1.5b-instruct-q4_k_m", "cc32" + "0" * 60, "llama_cpp"),
    usage=Usage(512, 380, 12),
    timings_ms=Timings(0, 85, 2140, 2950),
    sufficiency=Sufficiency(0.88, 0.93, 0.41, {"near": 0.02, "verify": 3.2, "support_least": 0.97}),
)
PASSAGE = Passage(
    id="1419547deabc043a",
    document_id=_DOCUMENT.id,
    title=_TITLE,
    start=0,
    end=len(_TEXT),
    text=_TEXT,
    language="en",
    heading_path=(_TITLE,),
    sentences=(Span(0, len(_TITLE)), Span(20, len(_TEXT))),
)
SEARCH = SearchReply(
    query="consumer data",
    snapshot=_SNAPSHOT,
    hits=[SearchHit(passage=PASSAGE, score=1.0, dense=0.87, lexical=3.4, highlights=[Span(48, 56), Span(57, 61)])],
)
_SUMMARY = DocumentSummary(
    id=_DOCUMENT.id,
    title=_TITLE,
    path=_DOCUMENT.path,
    language="en",
    format="markdown",
    version=_VERSION,
    topic="partnership",
    date=None,
    metadata={"topic": "partnership"},
    characters=len(_TEXT),
)
DOCUMENTS = DocumentList(total=1, snapshot=_SNAPSHOT, documents=[_SUMMARY])
DOCUMENT = DocumentDetail(
    **dict(_SUMMARY), text=_TEXT, headings=[Heading(1, _TITLE, 0, len(_TITLE))], pages=[], current=True
)
READINESS = Readiness(
    status="ready", model=ANSWER.model.name, embedder="multilingual-e5-small", snapshot=_SNAPSHOT, documents=27
)


def shown(example: object) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of a reply with status 200 that is like ``example``."""
    return {200: {"content": {"application/json": {"example": to_jsonable_python(example)}}}}


def streamed_example() -> str:
    """Return the example as a stream of events."""
    citation = to_jsonable_python(ANSWER.citations[0])
    steps: list[tuple[str, object]] = [
        ("status", {"step": "rewriting", "standalone_question": None}),
        ("status", {"step": "searching", "standalone_question": _QUESTION}),
        ("evidence", {"hits": [], "sentences": []}),
        ("status", {"step": "reading", "standalone_question": None}),
        ("token", {"text": _QUOTE}),
        ("sentence", {"sentence": to_jsonable_python(ANSWER.sentences[0]), "citations": [citation]}),
        ("answer", answer_json(ANSWER)),
    ]
    return "".join(
        f"id: {number}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        for number, (name, data) in enumerate(steps, start=1)
    )
