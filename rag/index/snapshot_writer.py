"""Builds a snapshot beside the one that serves and swaps it in; killed at any moment, it leaves the old one serving."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from rag.domain import Document, Passage
from rag.errors import SnapshotError
from rag.index.faiss_vectors import VectorsWriter
from rag.index.lexical import LexicalWriter, terms_of
from rag.index.manifest import (
    FORMAT_VERSION,
    DocumentRecord,
    EmbedderRecord,
    FileState,
    Manifest,
    SettingsRecord,
    SkippedRecord,
    write_manifest,
)
from rag.index.passage_store import PassageStoreWriter
from rag.index.sentence_vectors import DocumentVectors, SentenceVectorsWriter
from rag.index.snapshot import (
    CURRENT_FILE,
    LEXICAL_FOLDER,
    PASSAGES_FILE,
    SNAPSHOTS_FOLDER,
    VECTORS_FILE,
    Serving,
    Snapshot,
    current_id,
    snapshot_folder,
)
from rag.index.version_archive import VersionArchive

_BUILDING = "building"
_LOCK_FILE = "LOCK"


@contextmanager
def index_lock(index_dir: Path) -> Iterator[None]:
    """Hold the index for writing; the operating system frees it when the process dies.

    Raises:
        SnapshotError: another process is indexing into this folder, or the folder cannot be written.
    """
    import filelock  # noqa: PLC0415 - only indexing needs it

    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(index_dir / _LOCK_FILE, timeout=0)
        lock.acquire()
    except filelock.Timeout as error:
        raise SnapshotError(f"Another process is indexing into {index_dir}.", "Wait until it has finished.") from error
    except OSError as error:
        raise SnapshotError(f"The index folder {index_dir} cannot be written: {error}.", "Set index_dir.") from error
    try:
        yield
    finally:
        lock.release()


class SnapshotWriter:
    """Collects documents in order into a new snapshot; ``swap_in`` makes it the one that serves.

    A context manager: left without ``swap_in``, nothing changes. Hold ``index_lock`` while using it.
    """

    def __init__(self, index_dir: Path, embedder: EmbedderRecord, settings: SettingsRecord) -> None:
        self._index_dir = index_dir
        self._embedder = embedder
        self._settings = settings
        self._documents: list[DocumentRecord] = []
        self._rows = 0
        self._folder = index_dir / SNAPSHOTS_FOLDER / _BUILDING
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self._vectors = VectorsWriter(embedder.dimension, settings.exact_up_to)
        self._sentences = SentenceVectorsWriter(self._folder)
        self._lexical = LexicalWriter(self._folder / LEXICAL_FOLDER)
        self._store = PassageStoreWriter(self._folder / PASSAGES_FILE)

    def __enter__(self) -> SnapshotWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close()
        self._sentences.close()
        self._lexical.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def documents(self) -> Sequence[DocumentRecord]:
        """The documents added so far."""
        return self._documents

    def add(
        self,
        document: Document,
        file: FileState,
        passages: Sequence[Passage],
        texts: Sequence[str],
        vectors: DocumentVectors,
    ) -> None:
        """Append a document: its passages, the text to index for each, and its vectors.

        Raises:
            SnapshotError: the disk is full, or the files cannot be written.
        """
        terms = [terms_of(text) for text in texts]
        with _failures_named(self._folder):
            self._store.add(document, passages, terms)
            self._vectors.add(vectors.passages)
            self._sentences.add(vectors.sentences)
            for row, (passage, own_terms) in enumerate(zip(passages, terms, strict=True), start=self._rows):
                self._lexical.add_terms(row, own_terms, passage.language)
        self._record(
            DocumentRecord(
                file=file,
                id=document.id,
                version=document.version,
                format=document.format,
                language=document.language,
                first_row=self._rows,
                count=len(passages),
            )
        )

    def carry_over(self, before: Snapshot, records: Sequence[DocumentRecord]) -> None:
        """Append documents as ``before`` holds them: of one snapshot, where their rows follow one another.

        Raises:
            SnapshotError: the disk is full, the files cannot be written, or ``before`` is damaged.
        """
        rows = range(records[0].first_row, records[-1].first_row + records[-1].count)
        with _failures_named(self._folder):
            self._store.carry_over(before.store, [record.id for record in records], rows)
            self._vectors.add(before.vectors.vectors(rows.start, len(rows)))
            self._sentences.carry_over(before.sentences, rows)
            for row, (terms, language) in enumerate(before.store.terms(rows.start, len(rows)), start=self._rows):
                self._lexical.add_terms(row, terms, language)
        moved = self._rows - rows.start
        for record in records:
            self._record(record.model_copy(update={"first_row": record.first_row + moved}) if moved else record)

    def swap_in(self, skipped: Sequence[SkippedRecord]) -> Serving:
        """Finish the snapshot, put it in the place of the one that serves, and return it.

        Raises:
            SnapshotError: the disk is full, or the files cannot be written.
        """
        with _failures_named(self._folder):
            self._store.commit()
            self._store.close()
            VersionArchive(self._index_dir).add_all(self._folder / PASSAGES_FILE)
            self._lexical.close()
            self._vectors.write(self._folder / VECTORS_FILE)
            self._sentences.close()
            manifest = self._manifest(skipped)
            identity = write_manifest(manifest, self._folder)
            _flush(self._folder)
            folder = snapshot_folder(self._index_dir, identity)
            self._folder.rename(folder)
            _flush_folder(folder.parent)
            _point_to(identity, self._index_dir)
        remove_leftovers(self._index_dir)
        return Serving(identity, manifest)

    def _record(self, document: DocumentRecord) -> None:
        self._documents.append(document)
        self._rows += document.count

    def _manifest(self, skipped: Sequence[SkippedRecord]) -> Manifest:
        return Manifest(
            format_version=FORMAT_VERSION,
            created=datetime.now(UTC),
            embedder=self._embedder,
            settings=self._settings,
            documents=tuple(self._documents),
            skipped=tuple(skipped),
            passages=self._rows,
            files={
                path.relative_to(self._folder).as_posix(): path.stat().st_size
                for path in sorted(self._folder.rglob("*"))
                if path.is_file() and path.suffix != ".lock"
            },
        )


def remove_leftovers(index_dir: Path) -> None:
    """Remove every snapshot but the one that serves, and what killed runs left behind.

    A process that has an old snapshot open goes on reading it, since open files outlive their names; where the system
    forbids to remove open files, they stay until the next run.
    """
    serving = current_id(index_dir)
    for folder in (index_dir / SNAPSHOTS_FOLDER).glob("*"):
        if folder.name != serving:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _failures_named(folder: Path) -> Iterator[None]:
    """SQLite, tantivy and FAISS report a full disk each with an exception of its own."""
    try:
        yield
    except (OSError, sqlite3.Error, ValueError, RuntimeError) as error:
        raise SnapshotError(
            f"The new index cannot be written to {folder}: {error}.", "Free some space, or set index_dir elsewhere."
        ) from error


def _point_to(identity: str, index_dir: Path) -> None:
    beside = index_dir / f"{CURRENT_FILE}.new"
    beside.write_text(identity + "\n", encoding="ascii")
    _flush_file(beside)
    beside.replace(index_dir / CURRENT_FILE)
    _flush_folder(index_dir)


def _flush(folder: Path) -> None:
    """Force everything in ``folder`` to the disk, readable by whom the user's umask lets read."""
    for path in folder.rglob("*"):
        if path.is_file():
            shutil.copymode(folder / PASSAGES_FILE, path)  # tantivy writes some files for their owner alone
            _flush_file(path)
        else:
            _flush_folder(path)
    _flush_folder(folder)


def _flush_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be opened there
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
