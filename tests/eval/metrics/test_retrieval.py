from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from eval.metrics.retrieval import retrieval_samples
from eval.metrics.samples import Share
from eval.records import Record


def test_documents_are_ranked_by_their_best_passage(record: Callable[..., Record]) -> None:
    # Passages x x a y b: documents x, a, y, b; relevant a (rank 2) and b (rank 4).
    samples = retrieval_samples([record(found=("x", "x", "a", "y", "b"), relevant=("a", "b"))])
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    ideal = 1 + 1 / math.log2(3)
    expected = {"recall@1": 0.0, "recall@5": 1.0, "recall@10": 1.0, "ndcg@10": gain / ideal, "mrr@10": 0.5}
    for name, value in expected.items():
        (share,) = samples[name]
        assert share is not None
        assert share.numerator == pytest.approx(value), name


def test_nothing_found_is_zero_and_no_relevant_does_not_count(record: Callable[..., Record]) -> None:
    records = [record(found=()), record(found=("x",), relevant=()), record(found=("a",))]
    assert retrieval_samples(records)["recall@5"] == [Share(0.0), None, Share(1.0)]


def test_ids_may_hold_anything(record: Callable[..., Record]) -> None:
    strange = "en/docs/a b#c\t中文"
    assert retrieval_samples([record(found=(strange,), relevant=(strange,))])["mrr@10"] == [Share(1.0)]


def test_cut_offs(record: Callable[..., Record]) -> None:
    found = [f"x{i}" for i in range(9)] + ["a"]
    samples = retrieval_samples([record(found=found), record(found=["x", *found])])
    assert samples["recall@5"] == [Share(0.0), Share(0.0)]
    assert samples["recall@10"] == [Share(1.0), Share(0.0)]
    assert samples["mrr@10"][1] == Share(0.0)
