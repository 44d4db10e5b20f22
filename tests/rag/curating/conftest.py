"""A corpus folder that tests fill, and a curator that runs on it without a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rag.curating.curator import curate
from rag.curating.report import CurationReport
from rag.embedding.base import Embedder, Vectors
from rag.index.snapshot import Snapshot, open_snapshot
from rag.settings import Settings, load_settings


@dataclass
class Bench:
    """A corpus, its index, and what was embedded so far."""

    settings: Settings
    embedder: Embedder
    embedded: list[str] = field(default_factory=list)
    opened: int = 0

    @property
    def corpus(self) -> Path:
        return self.settings.corpus_dir

    def write(self, path: str, text: str | bytes) -> Path:
        target = self.corpus / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return target

    def curate(self, *, strict: bool = False, settings: Settings | None = None) -> CurationReport:
        return curate(settings or self.settings, open_embedder=self._open, strict=strict)

    def open(self) -> Snapshot:
        return open_snapshot(self.settings.index_dir)

    def _open(self, _: Settings) -> Embedder:
        self.opened += 1
        return self.embedder


@pytest.fixture
def bench(tmp_path: Path, bag_embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Bench:
    settings = load_settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    settings.corpus_dir.mkdir()
    made = Bench(settings, bag_embedder)
    embed = bag_embedder.embed_passages

    def remember(texts: Sequence[str], batch_size: int = 32, progress: Callable[[int], None] | None = None) -> Vectors:
        made.embedded += texts
        return embed(texts, batch_size, progress)

    monkeypatch.setattr(bag_embedder, "embed_passages", remember)
    return made
