from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eval.bench import curating
from eval.bench.curating import measure, time_beside_embedding
from eval.bench.wrapped_embedder import WrappedEmbedder
from rag import load_settings
from rag.embedding.base import Embedder, Vectors
from rag.settings import Settings


class _Slow(WrappedEmbedder):
    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 64, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        time.sleep(1)
        return self.embedder.embed_passages(texts)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "tea.md").write_text("# Tea\n\nGreen tea comes from Hangzhou.\n", encoding="utf-8")
    return load_settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")


def test_the_time_beside_the_embedding_is_a_share_of_it(settings: Settings, bag_embedder: Embedder) -> None:
    assert 0 < time_beside_embedding(settings, _Slow(bag_embedder)) < 1
    assert not settings.index_dir.exists()


def test_one_document_changes_and_then_none(
    settings: Settings, bag_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def run(command: Sequence[str], **_: object) -> None:
        seen.append((settings.corpus_dir / "tea.md").read_text(encoding="utf-8"))

    monkeypatch.setattr(subprocess, "run", run)
    result = measure(settings, settings, bag_embedder, 2)
    assert seen[0] == seen[1] != seen[2] == seen[3]
    assert result.documents == 1
    assert [row.goal is not None for row in result.rows()] == [True] * 3


def test_a_command_that_fails_is_not_timed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_CONFIG", "/nowhere.toml")
    with pytest.raises(subprocess.CalledProcessError):
        curating.time_command(settings)
