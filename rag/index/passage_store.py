"""Passages and documents in one SQLite file, written once and then only read."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.domain import Document, Language, Metadata, MetadataValue, Passage, Span
from rag.errors import SnapshotError
from rag.index.document_rows import DOCUMENT_COLUMNS, document_of, document_row
from rag.index.name_pairs import NamePair, find_name_pairs
from rag.language import is_mixed

_SCHEMA = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, path TEXT NOT NULL UNIQUE, text TEXT NOT NULL, language TEXT NOT NULL,
    version TEXT NOT NULL, format TEXT NOT NULL, details TEXT NOT NULL
);
CREATE TABLE attributes (
    document_id TEXT NOT NULL REFERENCES documents, key TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (document_id, key, value)
) WITHOUT ROWID;
CREATE INDEX attributes_by_value ON attributes (key, value);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL REFERENCES documents,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL, page INTEGER,
    details TEXT NOT NULL, mixed INTEGER NOT NULL, terms TEXT NOT NULL
);
CREATE INDEX passages_by_document ON passages (document_id);
CREATE INDEX passages_by_language ON passages (language);
CREATE INDEX mixed_passages ON passages (mixed) WHERE mixed;
CREATE TABLE name_pairs (
    document_id TEXT NOT NULL REFERENCES documents, latin TEXT NOT NULL, han TEXT NOT NULL,
    PRIMARY KEY (document_id, latin, han)
) WITHOUT ROWID;
"""
_PASSAGE = """
SELECT p.row, p.id, p.document_id, d.title, p.start, p."end", p.text, p.language, p.page, p.details
FROM passages p JOIN documents d ON d.id = p.document_id
"""
_DOCUMENT = f"SELECT {DOCUMENT_COLUMNS} FROM documents"  # noqa: S608 - constants only
_PASSAGES_BY_ROW = f"{_PASSAGE} WHERE p.row IN (SELECT value FROM json_each(?))"  # noqa: S608 - constants only
# What documents have in each table, from the store ``before``, their passages so many rows further on.
_OF_DOCUMENTS = "IN (SELECT value FROM json_each(:documents))"
_CARRY_OVER = (
    f"INSERT INTO documents SELECT * FROM before.documents WHERE id {_OF_DOCUMENTS}",  # noqa: S608 - constants only
    f"INSERT INTO attributes SELECT * FROM before.attributes WHERE document_id {_OF_DOCUMENTS}",  # noqa: S608
    f"INSERT INTO name_pairs SELECT * FROM before.name_pairs WHERE document_id {_OF_DOCUMENTS}",  # noqa: S608
    """INSERT INTO passages
    SELECT row + :further, id, document_id, start, "end", text, language, page, details, mixed, terms
    FROM before.passages WHERE row >= :first AND row < :first + :count""",
)
_ROWS_BY_LANGUAGE = "SELECT row FROM passages WHERE language IN (SELECT value FROM json_each(?))"
_ROWS_BY_ATTRIBUTE = """
SELECT row FROM passages WHERE document_id IN
    (SELECT document_id FROM attributes WHERE key = ? AND value IN (SELECT value FROM json_each(?)))
"""


class SqlitePassageStore:
    """The passages and documents of a snapshot, read only. Safe to use from several threads.

    One connection behind a lock, opened at once: it stays readable when a newer snapshot has replaced the files.

    Raises:
        sqlite3.Error: the file is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        self._all("SELECT 1 FROM documents LIMIT 1")  # SQLite looks into the file at the first statement only

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of ``rows``, in that order.

        Raises:
            KeyError: there is no such row.
        """
        found = {row: _passage(columns) for row, *columns in self._all(_PASSAGES_BY_ROW, json.dumps(list(rows)))}
        return [found[row] for row in rows]

    def passage(self, passage_id: str) -> Passage | None:
        """Return a passage by its id."""
        found = self._all(f"{_PASSAGE} WHERE p.id = ?", passage_id)
        return _passage(found[0][1:]) if found else None

    def row_of(self, passage_id: str) -> int:
        """Return the row of the passage with that id.

        Raises:
            KeyError: there is none.
        """
        found = self._all("SELECT row FROM passages WHERE id = ?", passage_id)
        if not found:
            raise KeyError(passage_id)
        row: int = found[0][0]
        return row

    def document(self, document_id: str) -> Document | None:
        """Return a document by its id, with its text."""
        found = self._all(f"{_DOCUMENT} WHERE id = ?", document_id)
        return document_of(found[0]) if found else None

    def documents(self) -> list[Document]:
        """Return all documents, texts included, ordered by path."""
        return [document_of(columns) for columns in self._all(f"{_DOCUMENT} ORDER BY path")]

    def rows_where(self, filters: Metadata) -> list[int]:
        """Return the rows that match every filter, in order; all rows without any.

        A filter's key is one of the document's metadata, or ``id``, ``title``, ``path``, ``format`` of the document,
        or ``language`` of the passage itself. Values are compared as text, letter case aside; a list in the metadata
        matches when it contains the value, and a tuple in the filter when any of its values matches.
        """
        if not filters:
            return [row for (row,) in self._all("SELECT row FROM passages ORDER BY row")]
        return sorted(set.intersection(*(self._rows_with(key, _texts(value)) for key, value in filters.items())))

    def rows_in(self, language: Language) -> NDArray[np.int64]:
        """Return the rows of the passages in ``language``, in order."""
        statement = "SELECT row FROM passages WHERE language = ? ORDER BY row"
        with self._lock:
            return np.fromiter((row for (row,) in self._connection.execute(statement, (language,))), np.int64)

    def mixed_rows(self) -> list[int]:
        """Return the rows of the passages that hold much of both scripts (``rag.language.is_mixed``), in order."""
        return [row for (row,) in self._all("SELECT row FROM passages WHERE mixed ORDER BY row")]

    def terms(self, first: int, count: int) -> list[tuple[str, Language]]:
        """Return the terms of ``count`` passages from row ``first`` on, as they were indexed, and their languages."""
        statement = "SELECT terms, language FROM passages WHERE row >= ? AND row < ? ORDER BY row"
        return self._all(statement, first, first + count)

    def name_pairs(self) -> list[NamePair]:
        """Return the names that the documents give in both scripts, ordered."""
        statement = "SELECT DISTINCT latin, han FROM name_pairs ORDER BY latin, han"
        return [NamePair(*columns) for columns in self._all(statement)]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows_with(self, key: str, values: Sequence[str]) -> set[int]:
        wanted = json.dumps(values)
        found = (
            self._all(_ROWS_BY_LANGUAGE, wanted) if key == "language" else self._all(_ROWS_BY_ATTRIBUTE, key, wanted)
        )
        return {row for (row,) in found}

    def _all(self, statement: str, *values: str | int) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()


class PassageStoreWriter:
    """Writes a new store; rows are numbered from 0 in the order in which passages are added."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        # A half-written store is never opened, so a journal buys nothing.
        self._connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        self._rows = 0
        self._attached = False

    def add(self, document: Document, passages: Sequence[Passage], terms: Sequence[str]) -> None:
        """Append a document and its passages, with the terms by which each is found.

        Raises:
            sqlite3.IntegrityError: an id or path that the store already has.
        """
        self._connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", document_row(document))
        self._connection.executemany("INSERT INTO attributes VALUES (?, ?, ?)", set(_attributes(document)))
        self._connection.executemany(
            "INSERT INTO name_pairs VALUES (?, ?, ?)",
            ((document.id, pair.latin, pair.han) for pair in find_name_pairs(document.text)),
        )
        self._connection.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (row, *_columns(passage), _passage_details(passage), is_mixed(passage.text), own_terms)
                for row, (passage, own_terms) in enumerate(zip(passages, terms, strict=True), start=self._rows)
            ),
        )
        self._rows += len(passages)

    def carry_over(self, before: SqlitePassageStore, documents: Sequence[str], rows: range) -> None:
        """Append documents, given by their ids, as another store holds them; their passages there are ``rows``.

        It is always the same store.

        Raises:
            SnapshotError: it lacks some of them.
            sqlite3.Error: this store already has them, or one of both is damaged.
        """
        if not self._attached:
            self._connection.execute("ATTACH ? AS before", (str(before.path),))
            self._attached = True
        asked = {"documents": json.dumps(documents), "first": rows.start, "count": len(rows)}
        carried = [
            self._connection.execute(statement, asked | {"further": self._rows - rows.start}).rowcount
            for statement in _CARRY_OVER
        ]
        if (carried[0], carried[-1]) != (len(documents), len(rows)):
            raise SnapshotError(
                f"The index is damaged: {before.path} lacks documents that its manifest names.",
                "Remove that folder and run `pincite index`.",
            )
        self._rows += len(rows)

    def commit(self) -> None:
        """Write what was added to the file."""
        self._connection.commit()

    def close(self) -> None:
        """Close the file. Calling it twice is fine."""
        self._connection.close()


def _texts(value: MetadataValue) -> list[str]:
    if isinstance(value, tuple):
        return [item.casefold() for item in value]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return ["" if value is None else str(value).casefold()]


def _attributes(document: Document) -> Iterable[tuple[str, str, str]]:
    own = {"id": document.id, "title": document.title, "path": document.path, "format": document.format}
    for key, value in {**document.metadata, **own}.items():
        for text in _texts(value):
            yield document.id, key, text


def _columns(passage: Passage) -> tuple[object, ...]:
    p = passage
    return p.id, p.document_id, p.start, p.end, p.text, p.language, p.page


def _passage_details(passage: Passage) -> str:
    sentences = [(s.start, s.end) for s in passage.sentences]
    return json.dumps({"heading_path": passage.heading_path, "sentences": sentences}, ensure_ascii=False)


def _passage(columns: Sequence[Any]) -> Passage:
    identity, document_id, title, start, end, text, language, page, details = columns
    loaded = json.loads(details)
    return Passage(
        id=identity,
        document_id=document_id,
        title=title,
        start=start,
        end=end,
        text=text,
        language=language,
        heading_path=tuple(loaded["heading_path"]),
        page=page,
        sentences=tuple(Span(*sentence) for sentence in loaded["sentences"]),
    )
