from __future__ import annotations

from collections.abc import Callable

from eval.bootstrap import ratio
from eval.metrics.refusals import false_refusal_rate, refusal_precision, refusal_recall
from eval.records import Record


def test_by_hand(record: Callable[..., Record]) -> None:
    # Answerable: 4, one refused. Unanswerable: 3, two refused. Refused: 3, two rightly.
    records = [record(refused=i == 0) for i in range(4)]
    records += [record(refused=i > 0, answerable=False, relevant=()) for i in range(3)]
    assert ratio([refusal_precision(one) for one in records]).value == 2 / 3
    assert ratio([refusal_recall(one) for one in records]).value == 2 / 3
    assert ratio([false_refusal_rate(one) for one in records]).value == 1 / 4


def test_a_question_turned_away_is_no_refusal(record: Callable[..., Record]) -> None:
    assert refusal_precision(record(None)) is None
    assert ratio([refusal_recall(record(None, answerable=False))]).value == 0.0
