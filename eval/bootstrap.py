"""Estimates with 95% percentile bootstrap intervals (Efron 1979), seeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval.metrics.samples import Sample

_LEVEL = 0.95
_RESAMPLES = 2000
_SEED = 7

_Values = NDArray[np.float64]


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
