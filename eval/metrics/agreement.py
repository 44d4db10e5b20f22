"""How well a score or a verdict agrees with what people say. None where that is not defined, as with one class only."""

from __future__ import annotations

from collections.abc import Sequence


def auc(truth: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Return the area under the ROC curve: how often a true one scores above another (Hanley and McNeil 1982).

    Ties count half. None unless there are both true ones and others.
    """
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415 - slow to import

    return float(roc_auc_score(truth, scores)) if len(set(truth)) == 2 else None


def balanced_accuracy(truth: Sequence[bool], said: Sequence[bool]) -> float | None:
    """Return the mean of the shares of the true ones and of the others that are told as such."""
    from sklearn.metrics import recall_score  # noqa: PLC0415 - slow to import

    return float(recall_score(truth, said, average="macro")) if len(set(truth)) == 2 else None


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return the rank correlation (Spearman 1904); None where either side does not vary."""
    from scipy.stats import spearmanr  # noqa: PLC0415 - slow to import

    return float(spearmanr(one, other).statistic) if min(len(set(one)), len(set(other))) > 1 else None
