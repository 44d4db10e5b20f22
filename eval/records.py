"""What one question brought, and how it is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.suites import Query
from rag.domain import Answer, Hit

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Record:
    """A query and what the assistant made of it.

    ``hits`` is empty and ``answer`` None where the stage has no such step, or where the assistant turned the question
    away; then ``error`` says why. ``standalone`` is the rewritten question.
    """

    query: Query
    standalone: str = ""
    hits: tuple[Hit, ...] = ()
    answer: Answer | None = None
    error: str = ""

    @property
    def refused(self) -> bool:
        """Whether the assistant said that the corpus does not hold the answer."""
        return self.answer is not None and self.answer.status == "not_in_corpus"

    @property
    def answered(self) -> bool:
        """Whether there is an answer that is no refusal."""
        return self.answer is not None and not self.refused

    @property
    def answer_text(self) -> str:
        """The answer without its markers; empty for a refusal."""
        if self.answer is None or self.refused:
            return ""
        return " ".join(sentence.text for sentence in self.answer.sentences) or self.answer.text

    @property
    def ranking(self) -> tuple[str, ...]:
        """Ids of the documents found, each at the place of its best passage."""
        return tuple(dict.fromkeys(hit.passage.document_id for hit in self.hits))

    @property
    def cited(self) -> frozenset[str]:
        """Ids of the documents that the answer cites."""
        return frozenset(citation.document.id for citation in self.answer.citations) if self.answer else frozenset()


def log_line(record: Record) -> str:
    """Return the record as one line of JSON, its hits by id and score only, for their texts are in the index."""
    hits = [
        {
            "document_id": hit.passage.document_id,
            "passage_id": hit.passage.id,
            "score": hit.score,
            "dense": hit.dense,
            "lexical": hit.lexical,
        }
        for hit in record.hits
    ]
    return to_json_line({**_fields(record), "hits": hits})


def to_json_line(value: object) -> str:
    """Return any frozen value of the project as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, default=_plain) + "\n"


def write_atomically(path: Path, text: str) -> None:
    """Write ``text`` beside ``path`` and move it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _fields(value: DataclassInstance) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Iterable):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
