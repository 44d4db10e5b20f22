from __future__ import annotations

from pathlib import Path

import pytest

from rag import curate, open_snapshot
from rag.index.version_archive import VersionArchive
from rag.settings import Settings
from tests.conftest import BagOfWordsEmbedder


@pytest.fixture
def corpus(tmp_path: Path) -> Settings:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.md").write_text("---\nid: a\ntopic: sales\n---\n# Sales\n\nThey rose 42%.\n", encoding="utf-8")
    return Settings(corpus_dir=folder, index_dir=tmp_path / "index")


def test_an_old_version_stays_readable_after_a_reindex(corpus: Settings) -> None:
    curate(corpus, open_embedder=lambda _: BagOfWordsEmbedder())
    before = open_snapshot(corpus.index_dir)
    old = before.store.document("a")
    before.close()
    assert old is not None
    (corpus.corpus_dir / "a.md").write_text("---\nid: a\n---\n# Sales\n\nThey fell.\n", encoding="utf-8")
    curate(corpus, open_embedder=lambda _: BagOfWordsEmbedder())
    after = open_snapshot(corpus.index_dir)
    new = after.store.document("a")
    assert new is not None
    assert new.version != old.version
    assert after.version("a", old.version) == old
    assert after.version("a", new.version) == new
    assert after.version("a", "0" * 64) is None
    after.close()


def test_an_index_without_an_archive_has_no_old_versions(tmp_path: Path) -> None:
    assert VersionArchive(tmp_path).find("a", "v") is None
