"""What a snapshot says about itself: how it was made, and from which files."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.domain import Language
from rag.errors import SnapshotError
from rag.settings import ChunkingSettings, ReadingSettings

# Raise it whenever the files of a snapshot, or what reading, chunking and analysis put into them, change.
FORMAT_VERSION = 7
MANIFEST_FILE = "manifest.json"
INDEX_COMMAND = "Run `pincite index`."


class Part(BaseModel):
    """A part of the manifest; unknown keys are errors and values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EmbedderRecord(Part):
    """The embedder whose vectors a snapshot holds."""

    name: str
    sha256: str
    dimension: int


class SettingsRecord(Part):
    """The settings that decide what a snapshot holds."""

    reading: ReadingSettings
    chunking: ChunkingSettings
    exact_up_to: int


class FileState(Part):
    """A file of the corpus when it was read: ``size`` in bytes, ``mtime_ns`` since the epoch, sha256 of its bytes."""

    path: str
    size: int
    mtime_ns: int
    sha256: str


class DocumentRecord(Part):
    """A document of a snapshot: its file, and its passages in ``count`` rows from ``first_row``."""

    file: FileState
    id: str
    version: str
    format: str
    language: Language
    first_row: int
    count: int


class SkippedRecord(Part):
    """A file that could not become a document, and why."""

    file: FileState
    reason: str


class Manifest(Part):
    """The manifest. ``files`` are the sizes in bytes of the snapshot's other files, by their path in it."""

    format_version: int
    created: datetime
    embedder: EmbedderRecord
    settings: SettingsRecord
    documents: tuple[DocumentRecord, ...]
    skipped: tuple[SkippedRecord, ...]
    passages: int
    files: dict[str, int]


class _Version(BaseModel):
    format_version: int


def write_manifest(manifest: Manifest, folder: Path) -> str:
    """Write the manifest into a snapshot's folder and return its sha256, which is the snapshot's id."""
    data = manifest.model_dump_json(indent=1).encode("utf-8")
    (folder / MANIFEST_FILE).write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a snapshot's folder.

    Raises:
        SnapshotError: missing, damaged, or of another format version.
    """
    path = folder / MANIFEST_FILE
    try:
        data = path.read_bytes()
        version = _Version.model_validate_json(data).format_version
        if version != FORMAT_VERSION:
            raise SnapshotError(
                f"The index has format version {version}, this Pincite reads version {FORMAT_VERSION}.", INDEX_COMMAND
            )
        return Manifest.model_validate_json(data)
    except (OSError, ValidationError) as error:
        raise SnapshotError(f"The index is damaged: {path} cannot be read.", INDEX_COMMAND) from error
