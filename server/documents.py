"""The documents of the corpus, listed and filtered for people to look through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import BaseModel, Field

from rag import Assistant, Document
from rag.domain import Heading, Language, Metadata, Page
from server.schemas import Selection, metadata_of


class DocumentSummary(BaseModel):
    """A document without its text."""

    id: str
    title: str
    path: str
    language: Language
    format: str
    version: str = Field(description="sha256 of the text.")
    topic: str | None
    date: date | None
    metadata: dict[str, Any]
    characters: int


class DocumentList(BaseModel):
    """A page of the documents that match, ordered by path; ``total`` counts all that do."""

    total: int
    snapshot: str
    documents: list[DocumentSummary]


class DocumentDetail(DocumentSummary):
    """A version of a document. All offsets count code points of ``text``."""

    text: str
    headings: list[Heading]
    pages: list[Page]
    current: bool = Field(description="Whether the index serves this version.")


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents are wanted; None and "" leave a condition out. Dates are inclusive."""

    language: Language | None = None
    topic: str = ""
    earliest: date | None = None
    latest: date | None = None
    words: str = ""

    def select(self, assistant: Assistant) -> list[DocumentSummary]:
        """Return the documents of the index that meet every condition, ordered by path."""
        listed = [summary for summary in _summaries_of(assistant) if self._takes(summary)]
        if not self.words:
            return listed
        holding = {document.id for document in assistant.snapshot.store.documents() if self._is_held_by(document)}
        return [summary for summary in listed if summary.id in holding]

    def _takes(self, summary: DocumentSummary) -> bool:
        return (
            self.language in (None, summary.language)
            and (not self.topic or self.topic.casefold() in map(str.casefold, _topics(summary.metadata)))
            and self._takes_date(summary.date)
        )

    def _takes_date(self, dated: date | None) -> bool:
        if self.earliest is None and self.latest is None:
            return True
        return dated is not None and (self.earliest or date.min) <= dated <= (self.latest or date.max)

    def _is_held_by(self, document: Document) -> bool:
        text = "\n".join((document.title, document.path, document.text)).casefold()
        return all(word in text for word in self.words.casefold().split())


def selected_by(selection: Selection, assistant: Assistant) -> Metadata:
    """Return a selection as the library takes it, which knows values but no ranges: dates become the ids they fit."""
    wanted = metadata_of(selection.filters)
    if selection.earliest is None and selection.latest is None:
        return wanted
    dated = DocumentFilter(earliest=selection.earliest, latest=selection.latest).select(assistant)
    ids = [summary.id for summary in dated]
    if "id" in wanted:
        named = wanted["id"] if isinstance(wanted["id"], tuple) else (str(wanted["id"]),)
        known = set(map(str.casefold, named))  # letter case aside, as every filter
        ids = [identity for identity in ids if identity.casefold() in known]
    return {**wanted, "id": tuple(ids)}


def summary_of(document: Document) -> DocumentSummary:
    """Return a document without its text."""
    return DocumentSummary(
        id=document.id,
        title=document.title,
        path=document.path,
        language=document.language,
        format=document.format,
        version=document.version,
        topic=", ".join(_topics(document.metadata)) or None,
        date=_date(document.metadata),
        metadata=dict(document.metadata),
        characters=len(document.text),
    )


def detail_of(document: Document, *, current: bool) -> DocumentDetail:
    """Return a document with its text, headings and pages."""
    return DocumentDetail(
        **dict(summary_of(document)),
        text=document.text,
        headings=list(document.headings),
        pages=list(document.pages),
        current=current,
    )


# Reading all documents takes a while where there are many; an assistant's never change.
_SUMMARIES: WeakKeyDictionary[Assistant, Sequence[DocumentSummary]] = WeakKeyDictionary()


def _summaries_of(assistant: Assistant) -> Sequence[DocumentSummary]:
    if assistant not in _SUMMARIES:
        _SUMMARIES[assistant] = [summary_of(document) for document in assistant.snapshot.store.documents()]
    return _SUMMARIES[assistant]


def _date(metadata: Metadata) -> date | None:
    """Return the day that a document names, None where it names none or writes it in another way."""
    try:
        return date.fromisoformat(str(metadata.get("date", ""))[:10])
    except ValueError:
        return None


def _topics(metadata: Metadata) -> Iterable[str]:
    topic = metadata.get("topic")
    if isinstance(topic, tuple | list):
        return map(str, topic)
    return () if topic is None else (str(topic),)
