from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag import curate, open_snapshot
from rag.answering.near_misses import NEAR_MISSES, near_misses
from rag.domain import Passage
from rag.embedding.base import Embedder
from rag.index.passage_store import SqlitePassageStore
from rag.settings import Settings

REPORT = "---\ndate: 2024-03-01\n---\n# Sales\n\nSales rose 42% in the third quarter of 2023.\n"


@pytest.fixture
def store(tmp_path: Path, bag_embedder: Embedder) -> SqlitePassageStore:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "report.md").write_text(REPORT, encoding="utf-8")
    settings = Settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    curate(settings, open_embedder=lambda _: bag_embedder)
    return open_snapshot(settings.index_dir).store


def missed(question: str, passages: list[Passage], store: SqlitePassageStore) -> list[str]:
    found = near_misses(question, passages, store)
    assert tuple(found) == NEAR_MISSES
    return [name for name, fault in found.items() if fault]


def test_the_date_of_a_document_counts_as_said(store: SqlitePassageStore) -> None:
    passages = store.passages([0])
    assert missed("How did sales change in the third quarter of 2023?", passages, store) == []
    assert missed("What was reported on 1 March 2024?", passages, store) == []
    assert missed("How did sales change in 2021?", passages, store) == ["other_dates"]


def test_passages_count_together(store: SqlitePassageStore, make_passage: Callable[..., Passage]) -> None:
    asked = "How many parameters does Qwen3-Max have, as of 2021?"
    older = make_passage("Qwen2.5-Max came out in 2020.")
    assert missed(asked, [older], store) == ["other_dates", "other_version"]
    assert missed(asked, [older, make_passage("Qwen3-Max came out in 2021.")], store) == []
    assert missed(asked, [], store) == []
