from __future__ import annotations

import pytest

from eval.metrics.agreement import auc, balanced_accuracy, spearman


def test_by_hand() -> None:
    # Of the four pairs the true one is above in two and level in one.
    assert auc([True, True, False, False], [0.9, 0.4, 0.4, 0.5]) == pytest.approx(2.5 / 4)
    assert balanced_accuracy([True, True, False, False, False], [True, False, True, False, False]) == pytest.approx(
        (1 / 2 + 2 / 3) / 2
    )
    assert spearman([1, 2, 3], [10, 30, 20]) == pytest.approx(0.5)
    assert spearman([1, 2, 3], [-1, -5, -9]) == pytest.approx(-1)


@pytest.mark.parametrize("truth", [[True, True], [False, False], []])
def test_one_class_tells_nothing(truth: list[bool]) -> None:
    assert auc(truth, [0.1, 0.2][: len(truth)]) is None
    assert balanced_accuracy(truth, truth) is None


def test_what_does_not_vary_has_no_correlation() -> None:
    assert spearman([1, 1, 1], [1, 2, 3]) is None
    assert spearman([1, 2, 3], [4, 4, 4]) is None
    assert spearman([1], [2]) is None
