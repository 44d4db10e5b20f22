"""Every version of every document that was ever indexed: answers given before a re-index stay checkable."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from rag.domain import Document
from rag.index.document_rows import DOCUMENT_COLUMNS, document_of

ARCHIVE_FILE = "versions.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS versions (
    id TEXT NOT NULL, title TEXT NOT NULL, path TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL,
    version TEXT NOT NULL, format TEXT NOT NULL, details TEXT NOT NULL, PRIMARY KEY (id, version)
) WITHOUT ROWID
"""
_COPY = f"""
INSERT INTO versions SELECT {DOCUMENT_COLUMNS} FROM snapshot.documents d
WHERE NOT EXISTS (SELECT 1 FROM versions v WHERE v.id = d.id AND v.version = d.version)
"""  # noqa: S608 - constants only
_FIND = f"SELECT {DOCUMENT_COLUMNS} FROM versions WHERE id = ? AND version = ?"  # noqa: S608 - constants only


class VersionArchive:
    """The archive of an index folder, in one SQLite file beside the snapshots. It only ever grows.

    Each reader opens the file for itself, so that it is safe to use from several threads and processes.
    """

    def __init__(self, index_dir: Path) -> None:
        self._path = index_dir / ARCHIVE_FILE

    def find(self, document_id: str, version: str) -> Document | None:
        """Return that version of a document, or None if it was never indexed."""
        if not self._path.is_file():
            return None
        with closing(sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute(_FIND, (document_id, version)).fetchone()
        return document_of(row) if row else None

    def add_all(self, passages_file: Path) -> None:
        """Add the documents of a snapshot's store that are not here yet.

        Raises:
            sqlite3.Error: a file is damaged, or the disk is full.
        """
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute(_SCHEMA)
            connection.execute("ATTACH ? AS snapshot", (str(passages_file),))
            connection.execute(_COPY)
            connection.commit()
