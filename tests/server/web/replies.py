"""What the stub replies: the JSON of the server's contract."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import TypeAdapter

from rag.domain import Document
from tests.server.web.canned import Script
from tests.server.web.documents import DOCUMENTS

_DOCUMENT = TypeAdapter(Document)


def events_of(answer: dict[str, Any], script: Script, standalone: str) -> list[tuple[str, Any]]:
    """Return what a chat tells, in order: a sentence settles after the first word of the next."""
    told: list[tuple[str, Any]] = [
        ("status", {"step": "rewriting", "standalone_question": None}),
        ("status", {"step": "searching", "standalone_question": standalone}),
        ("evidence", evidence_of()),
        ("status", {"step": "reading", "standalone_question": None}),
    ]
    if script.dropped:
        quick = {"text": script.dropped, "start": 0, "end": len(script.dropped), "verdict": "partial", "support": 0.4}
        told += [
            ("token", {"text": script.dropped}),
            ("sentence", {"sentence": quick | {"citations": []}, "citations": []}),
        ]
        told += [("status", {"step": "verifying", "standalone_question": None}), ("evidence", evidence_of())]
        told += [("status", {"step": "reading", "standalone_question": None})]
    seen: set[int] = set()
    settled: list[tuple[str, Any]] = []
    for place, sentence in enumerate(answer["sentences"]):
        gap = script.said[place].gap if place else ""
        pieces = re.findall(r"\s*[^\s一-鿿]+|\s*[一-鿿]", gap + sentence["text"])
        told += [("token", {"text": pieces[0]}), *settled, *(("token", {"text": piece}) for piece in pieces[1:])]
        new = [c for c in answer["citations"] if c["marker"] in set(sentence["citations"]) - seen]
        seen |= set(sentence["citations"])
        settled = [("sentence", {"sentence": sentence, "citations": new})]
    told += [("token", {"text": piece}) for piece in re.findall(r"\s*\S+", script.draft)]
    return [*told, *settled, ("status", {"step": "verifying", "standalone_question": None}), ("answer", answer)]


def evidence_of() -> dict[str, Any]:
    """Return what is found for any question."""
    hits = [
        {
            "passage_id": f"{document.id}-0",
            "document_id": document.id,
            "title": document.title,
            "heading": [document.headings[1].title],
            "page": None,
            "start": document.headings[1].end,
            "end": len(document.text),
            "text": document.text[document.headings[1].end :],
            "score": 0.9 - 0.17 * place,
        }
        for place, document in enumerate(DOCUMENTS)
    ]
    sentences = [
        {"text": line, "start": 0, "end": len(line), "passage_id": f"{d.id}-0", "document_id": d.id, "relevance": 0.9}
        for d in DOCUMENTS
        for line in d.text.split("\n")[4:5]
    ]
    return {"hits": hits, "sentences": sentences}


def summary_of(document: Document) -> dict[str, Any]:
    """Return a document without its text."""
    dumped: dict[str, Any] = _DOCUMENT.dump_python(document, mode="json")
    kept = ("id", "title", "path", "language", "format", "version", "metadata")
    return {name: dumped[name] for name in kept} | {
        "topic": document.metadata["topic"],
        "date": document.metadata["date"],
        "characters": len(document.text),
    }


def hits_in(document: Document, query: str) -> list[dict[str, Any]]:
    """Return the lines of a document that hold the query, as passages with the places highlighted."""
    hits, start = [], 0
    for line in document.text.split("\n"):
        places = [match.span() for match in re.finditer(re.escape(query), line, re.IGNORECASE)]
        if places:
            passage = {
                "id": f"{document.id}-{start}",
                "document_id": document.id,
                "title": document.title,
                "start": start,
                "end": start + len(line),
                "text": line,
                "language": document.language,
                "heading_path": [document.title],
                "page": None,
                "sentences": [],
            }
            highlights = [{"start": begin, "end": end} for begin, end in places]
            hits.append({"passage": passage, "score": 0.8, "dense": 0.8, "lexical": 3.1, "highlights": highlights})
        start += len(line) + 1
    return hits


def event(name: str, data: object) -> str:
    """Return a server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def problem(status: int, slug: str, headers: dict[str, str] | None = None, **extra: object) -> JSONResponse:
    """Return problem details."""
    body = {"type": f"urn:pincite:problem:{slug}", "title": slug.replace("-", " "), "status": status, "detail": ""}
    return JSONResponse(body | extra, status, headers, "application/problem+json")


def fits(summary: dict[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a document meets the filters of a list or a search."""
    dated = wanted.get("from", "") <= summary["date"] <= wanted.get("to", "9999")
    return dated and all(wanted.get(name) in (None, summary[name]) for name in ("language", "topic"))
