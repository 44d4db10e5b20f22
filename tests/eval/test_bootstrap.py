from __future__ import annotations

import math

import pytest

from eval.bootstrap import Estimate, mean, quantile, ratio
from eval.metrics.samples import Share


def test_nothing_and_one() -> None:
    assert ratio([None, None]) == Estimate(None, None, None, 0)
    assert quantile([], 0.5) == Estimate(None, None, None, 0)
    assert ratio([Share(1.0), None]) == Estimate(1.0, 1.0, 1.0, 1)


def test_ratio_weighs_by_denominator() -> None:
    assert ratio([Share(1, 3), Share(1, 1)]).value == pytest.approx(0.5)


def test_interval_of_a_mean_is_near_the_normal_one() -> None:
    estimate = ratio([Share(float(i % 2)) for i in range(200)])
    half = 1.96 * math.sqrt(0.25 / 200)
    assert estimate.value == 0.5
    assert estimate.low == pytest.approx(0.5 - half, abs=0.015)
    assert estimate.high == pytest.approx(0.5 + half, abs=0.015)


def test_same_each_time_and_no_width_without_spread() -> None:
    values = [float(i) for i in range(30)]
    assert mean(values) == mean(values)
    assert mean([2.0] * 10) == Estimate(2.0, 2.0, 2.0, 10)


def test_quantiles() -> None:
    values = [float(i) for i in range(101)]
    assert quantile(values, 0.5).value == 50.0
    assert quantile(values, 0.95).value == 95.0
    estimate = quantile(values, 0.5)
    assert estimate.low is not None
    assert estimate.high is not None
    assert 30 < estimate.low < 50 < estimate.high < 70
