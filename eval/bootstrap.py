"""Estimates with 95% percentile bootstrap intervals (Efron 1979), seeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from eval.metrics.samples import Sample, Share

_LEVEL = 0.95
_RESAMPLES = 2000
_SEED = 7

_Values = NDArray[np.float64]
_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value, its interval, and the number of records it rests on; all None where that is 0."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def ratio(samples: Sequence[Sample]) -> Estimate:
    """Estimate the sum of numerators over the sum of denominators of the samples that count."""
    counted = [sample for sample in samples if sample is not None]
    numerators = np.array([sample.numerator for sample in counted], dtype=np.float64)
    denominators = np.array([sample.denominator for sample in counted], dtype=np.float64)

    def statistic(top: _Values, bottom: _Values, axis: int = -1) -> _Values:
        return np.asarray(top.sum(axis=axis) / bottom.sum(axis=axis))

    return _estimate((numerators, denominators), statistic)


def quantile(values: Sequence[float], q: float) -> Estimate:
    """Estimate the quantile ``q`` of ``values``."""

    def statistic(data: _Values, axis: int = -1) -> _Values:
        return np.asarray(np.quantile(data, q, axis=axis))

    return _estimate((np.array(values, dtype=np.float64),), statistic)


def mean(values: Sequence[float]) -> Estimate:
    """Estimate the mean of ``values``."""

    def statistic(data: _Values, axis: int = -1) -> _Values:
        return np.asarray(data.mean(axis=axis))

    return _estimate((np.array(values, dtype=np.float64),), statistic)


def paired_difference(before: Sequence[Sample], after: Sequence[Sample]) -> Estimate:
    """Estimate the ratio of sums of ``after`` less that of ``before``, both of the same questions in the same order.

    A question is drawn with both its samples. One that counts in neither is left out; one that counts in one of them
    adds to the sums of that one only.
    """
    nothing = Share(0.0, 0.0)
    pairs = [(a or nothing, b or nothing) for a, b in zip(before, after, strict=True) if a or b]

    def statistic(drawn: _Values) -> float | None:
        top_a, bottom_a, top_b, bottom_b = drawn.sum(axis=0)
        return float(top_b / bottom_b - top_a / bottom_a) if bottom_a and bottom_b else None

    return _paired([(a.numerator, a.denominator, b.numerator, b.denominator) for a, b in pairs], statistic)


def paired_median_ratio(before: Sequence[float], after: Sequence[float]) -> Estimate:
    """Estimate the median of ``after`` over that of ``before``, both of the same questions in the same order."""

    def statistic(drawn: _Values) -> float | None:
        a, b = np.median(drawn, axis=0)
        return float(b / a) if a else None

    return _paired(list(zip(before, after, strict=True)), statistic)


def clustered(groups: Sequence[Sequence[_Record]], statistic: Callable[[Sequence[_Record]], float | None]) -> Estimate:
    """Estimate ``statistic`` of all records; whole groups are drawn (Davison and Hinkley 1997, section 3.8).

    So records that are not independent of one another belong in one group. Draws of which the statistic is None, as
    where they lack one of two classes, are left out.
    """
    records = [record for group in groups for record in group]
    value = statistic(records) if records else None
    if value is None:
        return Estimate(None, None, None, 0)
    bounds = _interval(len(groups), lambda draw: statistic([record for i in draw for record in groups[i]]))
    return Estimate(value, *(bounds or (value, value)), len(records))


def _paired(rows: Sequence[tuple[float, ...]], statistic: Callable[[_Values], float | None]) -> Estimate:
    """Estimate ``statistic`` of the rows, drawn whole; draws where it is None, for want of a divisor, are left out."""
    table = np.array(rows, dtype=np.float64)
    value = statistic(table) if rows else None
    if value is None:
        return Estimate(None, None, None, 0)
    bounds = _interval(len(rows), lambda draw: statistic(table[draw]))
    return Estimate(value, *(bounds or (value, value)), len(rows))


def _interval(count: int, statistic: Callable[[NDArray[np.int_]], float | None]) -> tuple[float, float] | None:
    """Return the interval of ``statistic`` over draws of ``count`` places; None where no draw has a value."""
    rng = np.random.default_rng(_SEED)
    draws = (statistic(rng.integers(count, size=count)) for _ in range(_RESAMPLES))
    values = [drawn for drawn in draws if drawn is not None]
    if not values:
        return None
    low, high = np.quantile(values, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return float(low), float(high)


def _estimate(data: tuple[_Values, ...], statistic: Callable[..., _Values]) -> Estimate:
    n = len(data[0])
    if n == 0:
        return Estimate(None, None, None, 0)
    value = float(statistic(*data))
    if n == 1:
        return Estimate(value, value, value, 1)
    from scipy import stats  # noqa: PLC0415 - slow to import

    distribution = stats.bootstrap(
        data, statistic, paired=True, n_resamples=_RESAMPLES, method="percentile", rng=_SEED
    ).bootstrap_distribution
    low, high = np.quantile(distribution, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Estimate(value, float(low), float(high), n)
