from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.bootstrap import Estimate, clustered, mean, paired_difference, paired_median_ratio, quantile, ratio
from eval.metrics.samples import Sample, Share

_SAMPLES = st.none() | st.builds(Share, st.integers(0, 3).map(float), st.integers(1, 3).map(float))


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


def test_what_shifts_all_alike_has_no_width() -> None:
    before = [Share(float(i % 2)) for i in range(40)]
    after = [Share(sample.numerator + 0.5) for sample in before]
    shift = paired_difference(before, after)
    assert [shift.value, shift.low, shift.high] == pytest.approx([0.5, 0.5, 0.5])
    assert paired_median_ratio([2.0] * 9, [3.0] * 9) == Estimate(1.5, 1.5, 1.5, 9)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(_SAMPLES, _SAMPLES), max_size=12))
def test_paired_difference(pairs: list[tuple[Sample, Sample]]) -> None:
    before, after = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = paired_difference(before, after), paired_difference(after, before)
    assert there.n == back.n
    if there.value is None or there.low is None or there.high is None:
        assert not (any(before) and any(after))
        assert back == there == Estimate(None, None, None, 0)
        return
    assert there.n == sum(a is not None or b is not None for a, b in pairs)
    assert back.value == pytest.approx(-there.value)
    assert back.low == pytest.approx(-there.high)
    assert back.high == pytest.approx(-there.low)
    assert math.isfinite(there.low)
    assert there.low <= there.high


@settings(max_examples=10, deadline=None)
@given(st.lists(_SAMPLES, max_size=12).filter(any))
def test_paired_with_itself_nothing_differs(samples: list[Sample]) -> None:
    same = paired_difference(samples, samples)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_nothing_to_divide_by() -> None:
    assert paired_difference([Share(1.0), None], [None, None]) == Estimate(None, None, None, 0)
    assert paired_median_ratio([0.0, 0.0], [1.0, 1.0]) == Estimate(None, None, None, 0)
    assert paired_median_ratio([], []) == Estimate(None, None, None, 0)
    lopsided = paired_difference([Share(1.0), None], [None, Share(0.0)])
    assert lopsided == Estimate(-1.0, -1.0, -1.0, 2)


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values)


def test_of_single_records_a_cluster_is_what_any_draw_is() -> None:
    values = [float(i % 3) for i in range(150)]
    drawn, plain = clustered([[value] for value in values], _mean), mean(values)
    assert (drawn.value, drawn.n) == (plain.value, plain.n)
    assert drawn.low == pytest.approx(plain.low, abs=0.02)
    assert drawn.high == pytest.approx(plain.high, abs=0.02)


def test_records_that_repeat_one_another_widen_the_interval() -> None:
    alone = clustered([[float(i % 2)] for i in range(40)], _mean)
    tenfold = clustered([[float(i % 2)] * 10 for i in range(40)], _mean)
    assert tenfold.n == 400
    assert (tenfold.value, tenfold.low, tenfold.high) == (alone.value, alone.low, alone.high)


def test_draws_without_a_value_are_left_out() -> None:
    def both_needed(values: Sequence[float]) -> float | None:
        return _mean(values) if len(set(values)) > 1 else None

    assert clustered([[1.0], [1.0]], both_needed) == Estimate(None, None, None, 0)
    assert clustered([], both_needed) == Estimate(None, None, None, 0)
    assert clustered([[0.0], [1.0]], both_needed) == Estimate(0.5, 0.5, 0.5, 2)
    assert clustered([[0.0, 1.0]], both_needed) == Estimate(0.5, 0.5, 0.5, 2)
