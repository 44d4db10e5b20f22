from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from eval.bench import made_rows as made_rows_module
from eval.bench import scaling
from eval.bench.made_rows import documents_of, made_rows
from eval.bench.scaling import Scaling, Size, measure
from eval.bench.spread import spread
from rag import curate, open_snapshot
from rag.embedding.base import Embedder
from rag.settings import Settings

QUESTIONS = ["How did sales change?", "标识须怎样？"]


@pytest.fixture
def settings(tmp_path: Path, bag_embedder: Embedder) -> Settings:
    settings = Settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "home" / "index")
    settings.corpus_dir.mkdir()
    (settings.corpus_dir / "a.md").write_text("# Sales\n\nSales rose. Rain fell.\n", encoding="utf-8")
    (settings.corpus_dir / "b.md").write_text("# 规则\n\n标识须清晰可见。\n", encoding="utf-8")
    curate(settings, open_embedder=lambda _: bag_embedder)
    return settings


def test_made_rows_are_about_the_own_sentences_and_are_made_once(settings: Settings, bag_embedder: Embedder) -> None:
    made_documents = []
    for _ in range(2):
        made = made_rows(settings, 250, bag_embedder, lambda: made_documents.append(1))
    assert len(made_documents) == documents_of(250) == 3
    with closing(open_snapshot(made.index_dir)) as snapshot:
        passages = list(snapshot.passages())
        vectors = snapshot.vectors.vectors(0, 250)
        near = bag_embedder.embed_passages([passage.text for passage in passages])
        assert snapshot.manifest.passages == len(passages) == 250
        assert {passage.text for passage in passages} <= {
            "Sales",
            "Sales rose.",
            "Rain fell.",
            "规则",
            "标识须清晰可见。",
        }
        for passage in passages[::40]:
            document = snapshot.store.document(passage.document_id)
            assert document is not None
            assert document.text[passage.start : passage.end] == passage.text
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=2**-11)  # stored in half precision
    assert (vectors * near).sum(axis=1).mean() > 0.7


def test_a_size_is_measured_in_a_process_of_its_own(
    settings: Settings, bag_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    class InProcess:
        def __init__(self, *_: object, **__: object) -> None: ...
        def __enter__(self) -> InProcess:
            return self

        def __exit__(self, *_: object) -> None: ...
        def submit(self, work: object, *arguments: object) -> InProcess:
            self.done = work(*arguments)  # type: ignore[operator]
            return self

        def result(self) -> object:
            return self.done

    monkeypatch.setattr(scaling, "ProcessPoolExecutor", InProcess)
    monkeypatch.setattr(scaling, "open_embedder", lambda _: bag_embedder)
    made = made_rows_module.made_rows(settings, 120, bag_embedder)
    size = measure(made, QUESTIONS, bag_embedder.embed_queries(QUESTIONS), runs=2)
    assert (size.passages, size.recall, size.p50_ms.n) == (120, 1.0, 2)
    assert 0 < size.p50_ms.median <= size.p99_ms.median
    assert size.memory_gib > 0.01


def test_the_goals_are_those_of_a_million() -> None:
    def size(passages: int) -> Size:
        return Size(passages, spread([20.0]), spread([40.0]), 1.0, 0.97, 2.0)

    result = Scaling((size(10_000), size(1_000_000)))
    assert [row.reached for row in result.rows()] == [None] * 5 + [None, True, None, False, True]
    plot = result.plot()
    assert plot.startswith("<svg")
    assert "passages" in plot
