"""A snapshot: everything an index holds, in one folder that never changes once it is in place.

``index_dir/snapshots/<id>/`` holds a manifest and the stores; the file ``index_dir/CURRENT`` names the snapshot that
serves. A new one is built beside it and swapped in by replacing that file, so a reader sees the old one or the new one.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.domain import Document, Passage
from rag.embedding.base import Embedder, Vectors
from rag.errors import SnapshotError
from rag.index.faiss_vectors import FaissVectors
from rag.index.lexical import TantivyLexical
from rag.index.manifest import INDEX_COMMAND, Manifest, read_manifest
from rag.index.passage_store import SqlitePassageStore
from rag.index.sentence_vectors import SentenceVectors
from rag.index.version_archive import VersionArchive

CURRENT_FILE = "CURRENT"
SNAPSHOTS_FOLDER = "snapshots"
VECTORS_FILE = "vectors.faiss"
LEXICAL_FOLDER = "lexical"
PASSAGES_FILE = "passages.sqlite"
_PASSAGES_AT_ONCE = 500
_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Serving:
    """The snapshot that serves, unopened."""

    id: str
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An open snapshot. ``id`` is the sha256 of its manifest. Safe to use from several threads."""

    id: str
    manifest: Manifest
    vectors: FaissVectors
    sentences: SentenceVectors
    lexical: TantivyLexical
    store: SqlitePassageStore
    archive: VersionArchive

    def version(self, document_id: str, version: str) -> Document | None:
        """Return a version of a document, be it an old one; None if it was never indexed."""
        current = self.store.document(document_id)
        return current if current and current.version == version else self.archive.find(document_id, version)

    def passages(self) -> Iterator[Passage]:
        """Yield every passage in order, a few at a time."""
        count = self.manifest.passages
        for first in range(0, count, _PASSAGES_AT_ONCE):
            yield from self.store.passages(range(first, min(first + _PASSAGES_AT_ONCE, count)))

    def sentence_vectors(self, passage: Passage) -> Vectors:
        """Return the vectors of the own sentences of a passage of this snapshot: float32, (sentences, dimension)."""
        return self.sentences.of(self.store.row_of(passage.id))

    def check_embedder(self, embedder: Embedder) -> None:
        """Make sure that ``embedder`` is the one that made this snapshot.

        Raises:
            SnapshotError: it is another one; the message names both.
        """
        made = self.manifest.embedder
        if (made.sha256, made.dimension) != (embedder.sha256, embedder.dimension):
            raise SnapshotError(
                f"The index was made with the embedder {_named(made.name, made.sha256)}, "
                f"the settings ask for {_named(embedder.name, embedder.sha256)}.",
                f"{INDEX_COMMAND[:-1]}, or set embedder back to {made.name}.",
            )

    def close(self) -> None:
        """Close the files."""
        self.store.close()


def open_snapshot(index_dir: Path) -> Snapshot:
    """Open the snapshot that serves.

    Raises:
        SnapshotError: there is none, it is damaged, or of another format version.
    """
    identity = current_id(index_dir)
    while True:
        if identity is None:
            raise SnapshotError(f"There is no index in {index_dir}.", INDEX_COMMAND)
        try:
            manifest = _read_whole_manifest(snapshot_folder(index_dir, identity))
            return open_unopened(Serving(identity, manifest), index_dir)
        except SnapshotError:
            # An indexer may have swapped in a newer one, and removed this one, since its name was read.
            newer = current_id(index_dir)
            if newer == identity:
                raise
            identity = newer


def open_unopened(found: Serving, index_dir: Path) -> Snapshot:
    """Open a snapshot whose manifest has been read.

    Raises:
        SnapshotError: it is damaged, or gone since.
    """
    folder = snapshot_folder(index_dir, found.id)
    with _damage_named(folder):
        return Snapshot(
            found.id,
            found.manifest,
            FaissVectors.open(folder / VECTORS_FILE),
            SentenceVectors.open(folder, found.manifest.embedder.dimension),
            TantivyLexical.open(folder / LEXICAL_FOLDER),
            SqlitePassageStore(folder / PASSAGES_FILE),
            VersionArchive(index_dir),
        )


def current_id(index_dir: Path) -> str | None:
    """Return the id of the snapshot that serves, or None when there is none."""
    try:
        written = (index_dir / CURRENT_FILE).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None
    return written if _ID.fullmatch(written) else None


def serving(index_dir: Path) -> Serving | None:
    """Return the snapshot that serves, without opening its stores; None when there is none that could be opened."""
    identity = current_id(index_dir)
    try:
        return Serving(identity, _read_whole_manifest(snapshot_folder(index_dir, identity))) if identity else None
    except SnapshotError:
        return None


def snapshot_folder(index_dir: Path, identity: str) -> Path:
    """Return where the snapshot of that id lies."""
    return index_dir / SNAPSHOTS_FOLDER / identity


def _read_whole_manifest(folder: Path) -> Manifest:
    """Read the manifest and make sure that every file is there in its full size."""
    manifest = read_manifest(folder)
    for name, size in manifest.files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size:
            raise SnapshotError(f"The index is damaged: {path} is missing or cut short.", INDEX_COMMAND)
    return manifest


@contextmanager
def _damage_named(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, RuntimeError, ValueError, sqlite3.Error) as error:
        raise SnapshotError(f"The index in {folder} cannot be opened: {error}.", INDEX_COMMAND) from error


def _named(name: str, sha256: str) -> str:
    return f"{name} (sha256 {sha256[:12]})"
