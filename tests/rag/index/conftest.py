"""A small snapshot, built by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag.domain import Document, Passage
from rag.index.manifest import EmbedderRecord, FileState, SettingsRecord
from rag.index.sentence_vectors import DocumentVectors
from rag.index.snapshot import Serving
from rag.index.snapshot_writer import SnapshotWriter
from rag.settings import ChunkingSettings, ReadingSettings

EMBEDDER = EmbedderRecord(name="bag-of-words", sha256="0" * 64, dimension=256)
SETTINGS = SettingsRecord(reading=ReadingSettings(), chunking=ChunkingSettings(), exact_up_to=100)


def add_text(writer: SnapshotWriter, text: str) -> None:
    """Add a document of one passage whose id is its text."""
    document = Document(text, text, f"{text}.md", text, "en", "v", "markdown")
    passage = Passage(text, text, text, 0, len(text), text, "en")
    file = FileState(path=f"{text}.md", size=1, mtime_ns=1, sha256="a")
    vector = np.eye(1, 256, dtype=np.float32)
    writer.add(document, file, [passage], [text], DocumentVectors(vector, [vector]))


@pytest.fixture
def build() -> Callable[..., Serving]:
    """Build a snapshot with a document for each text and swap it in."""

    def build(index_dir: Path, *texts: str) -> Serving:
        with SnapshotWriter(index_dir, EMBEDDER, SETTINGS) as writer:
            for text in texts:
                add_text(writer, text)
            return writer.swap_in([])

    return build
