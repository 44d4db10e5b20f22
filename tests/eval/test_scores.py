from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from eval.records import Record
from eval.runner import Stage
from eval.scores import answer_accuracy, score
from eval.suites import Query

_KEYS = {
    "recall@1", "recall@5", "recall@10", "ndcg@10", "mrr@10", "answer_accuracy", "token_f1", "rouge_l",
    "refusal_precision", "refusal_recall", "false_refusal_rate", "citation_precision", "citation_recall",
    "evidence_precision", "evidence_recall", "sentence_support", "first_token_s", "first_token_p95_s", "answer_s",
    "answer_p95_s", "prompt_tokens",
}  # fmt: skip
_RETRIEVAL_KEYS = {"recall@1", "recall@5", "recall@10", "ndcg@10", "mrr@10"}


def test_keys_of_each_stage(record: Callable[..., Record]) -> None:
    records = [record(found=("a",))]
    assert set(score(records, Stage.ANSWER).overall) == _KEYS
    assert set(score(records, Stage.RETRIEVAL).overall) == _RETRIEVAL_KEYS
    assert set(score(records, Stage.READER).overall) == _KEYS - _RETRIEVAL_KEYS


def test_accuracy_counts_a_refusal_as_wrong_and_leaves_out_the_unanswerable(record: Callable[..., Record]) -> None:
    records = [
        record("Yes"),
        record("Yes", refused=True),
        record("No"),
        record(None),
        record("Yes", answerable=False),
    ]
    metrics = score(records, Stage.ANSWER).overall
    assert metrics["answer_accuracy"].value == pytest.approx(1 / 4)
    assert metrics["answer_accuracy"].n == 4
    assert metrics["token_f1"].value == pytest.approx(1 / 4)
    assert answer_accuracy(records[4]) is None


def test_closeness_is_to_the_nearest_reference(record: Callable[..., Record]) -> None:
    metrics = score([record("red fox", answers=("blue bird", "red fox runs"))], Stage.READER).overall
    assert metrics["token_f1"].value == pytest.approx(4 / 5)
    assert metrics["rouge_l"].value == pytest.approx(4 / 5)


def test_times_are_seconds(record: Callable[..., Record]) -> None:
    metrics = score([record(), record()], Stage.ANSWER).overall
    assert (metrics["first_token_s"].value, metrics["answer_s"].value, metrics["prompt_tokens"].value) == (
        0.5,
        2.0,
        100,
    )


def test_slices_split_by_language_and_type(record: Callable[..., Record]) -> None:
    english = Query("1", "?", "en", "set", True, "table", ("a",), ("Yes",))
    chinese = replace(english, id="2", language="zh", type="single")
    scores = score([record(query=english), record("No", query=chinese)], Stage.ANSWER)
    assert set(scores.slices) == {"language", "type"}
    assert scores.slices["language"]["en"]["answer_accuracy"].value == 1.0
    assert scores.slices["language"]["zh"]["answer_accuracy"].value == 0.0
    assert set(scores.slices["type"]) == {"table", "single"}
    assert scores.overall["answer_accuracy"].value == 0.5
