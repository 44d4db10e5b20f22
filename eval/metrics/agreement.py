"""How well a score or a verdict agrees with what people say. None where that is not defined, as with one class only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_Values = NDArray[np.float64]


def auc(truth: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Return the area under the ROC curve: how often a true one scores above another (Hanley and McNeil 1982).

    Ties count half. None unless there are both true ones and others.
    """
    true = np.asarray(truth, dtype=np.bool_)
    positive, negative = int(true.sum()), int((~true).sum())
    if not positive or not negative:
        return None
    above = _ranks(np.asarray(scores, dtype=np.float64))[true].sum() - positive * (positive + 1) / 2
    return float(above / (positive * negative))


def balanced_accuracy(truth: Sequence[bool], said: Sequence[bool]) -> float | None:
    """Return the mean of the shares of the true ones and of the others that are told as such."""
    true, told = np.asarray(truth, dtype=np.bool_), np.asarray(said, dtype=np.bool_)
    if true.all() or not true.any():
        return None
    return float((told[true].mean() + (~told[~true]).mean()) / 2)


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the rank correlation (Spearman 1904); None where either side does not vary."""
    first, second = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return None
    return float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])


def _ranks(values: _Values) -> _Values:
    """Return ranks from 1; those that tie share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((counts.cumsum() - (counts - 1) / 2)[place], dtype=np.float64)
