"""Fits the probability that a draft answer is right, for each language, and the thresholds of the two decisions.

``gate`` weighs what is known before generation, ``answer`` all features. Both are logistic regressions (Platt 1999);
their quality and thresholds come from out-of-fold probabilities (five folds).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from eval.drafts import Row
from rag.errors import PinciteError

GATE_FEATURES = ("near", "coverage", "cross", "lacking_numbers", "lacking_names")
# Fewer features than there are: with some dozens of drafts each further one fits noise. How close the nearest sentence
# is tells most on sets that ask in the words of their texts, and turns away those who ask in their own.
ANSWER_FEATURES = ("states_answer", "support", "cross")
# Inverse strength of the L2 penalty on standardised features; small, again because drafts are few.
_PENALTY = 0.3
_FOLDS = 5
_SEED = 7


# (probability, whether the draft is right), one for each draft.
Predictions: TypeAlias = tuple[tuple[float, bool], ...]


class Rule(StrEnum):
    """How the threshold for answering is chosen."""

    FALSE_REFUSALS = "false-refusals"
    MOST_RIGHT = "most-right"


@dataclass(frozen=True, slots=True)
class Policy:
    """What the thresholds aim at: the shares of right drafts that the answer's decision and the gate may lose.

    With the rule ``most-right`` the first share is not used: the threshold is the one that decides most questions
    rightly where ``answerable`` of them have an answer. Calibration sets hold far more near misses than people ask.
    """

    rule: Rule = Rule.MOST_RIGHT
    max_false_refusals: float = 0.05
    max_gate_losses: float = 0.01
    answerable: float = 0.5


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted decision: probability = sigmoid(intercept + sum of weight × feature), yes when ≥ threshold.

    ``n`` drafts, ``right`` of them right; area under the ROC curve and Brier score are out of fold, and so is
    ``predictions``, the probability of each draft beside whether it is right.
    """

    intercept: float
    weights: Mapping[str, float]
    threshold: float
    n: int
    right: int
    auc: float
    brier: float
    predictions: Predictions = ()


@dataclass(frozen=True, slots=True)
class Calibration:
    """The two decisions of one language and the suites they were fitted on."""

    gate: Model
    answer: Model
    suites: tuple[str, ...]


def fit(rows: Sequence[Row], policy: Policy) -> dict[str, Calibration]:
    """Fit one calibration for each language in ``rows``.

    Raises:
        PinciteError: a language has fewer than five rows of either label.
    """
    by_language = {language: [row for row in rows if row.language == language] for language in _languages(rows)}
    return {language: _fit_language(members, policy) for language, members in by_language.items()}


def threshold_for_losses(labels: NDArray[np.int_], probabilities: NDArray[np.float64], share: float) -> float:
    """Return the highest threshold under which at most ``share`` of the right drafts lie.

    Where the right drafts are too few to lose even one, the threshold keeps a margin: half the lowest of them.
    """
    right = np.sort(probabilities[labels == 1])
    allowed = int(share * len(right))
    return float(right[allowed] if allowed or not share else right[0] / 2)


def most_right_threshold(right: float, answerable: float = 0.5) -> float:
    """Return the threshold that decides most questions rightly where the share ``answerable`` has an answer.

    The probabilities are calibrated on drafts of which the share ``right`` is right. Where more can be answered, a
    draft is as likely right as not at a lower one (Saerens, Latinne and Decaestecker 2002). Unlike the best threshold
    on the drafts themselves it does not hang on single ones.
    """
    return 1 / (1 + answerable / (1 - answerable) * (1 - right) / right)


def as_toml(calibrations: Mapping[str, Calibration]) -> str:
    """Return the calibration file: for each language the tables gate and answer, weights in the features' raw units."""
    lines = ["# Written by `python -m eval calibrate`; do not edit by hand."]
    for language, fitted in calibrations.items():
        lines += ["", f"[{language}]", f"suites = {json.dumps(fitted.suites, ensure_ascii=False)}"]
        for stage, model in (("gate", fitted.gate), ("answer", fitted.answer)):
            lines += ["", f"[{language}.{stage}]", *_model_lines(model), f"[{language}.{stage}.weights]"]
            lines += [f"{json.dumps(name)} = {weight:.6f}" for name, weight in model.weights.items()]
    return "\n".join(lines) + "\n"


def _model_lines(model: Model) -> list[str]:
    return [
        f"intercept = {model.intercept:.6f}",
        f"threshold = {model.threshold:.6f}",
        f"n = {model.n}",
        f"right = {model.right}",
        f"auc = {model.auc:.4f}",
        f"brier = {model.brier:.4f}",
    ]


def _languages(rows: Sequence[Row]) -> list[str]:
    return sorted({row.language for row in rows})


def _fit_language(rows: Sequence[Row], policy: Policy) -> Calibration:
    labels = np.array([row.label for row in rows])
    if min(labels.sum(), (1 - labels).sum()) < _FOLDS:
        raise PinciteError(
            f"Only {labels.sum()} right and {(1 - labels).sum()} other drafts in {rows[0].language}: too few to fit.",
            "Take more questions (--limit) or more suites (--suite).",
        )
    gate = _fit_model(rows, GATE_FEATURES, policy.max_gate_losses, policy.answerable)
    losses = None if policy.rule is Rule.MOST_RIGHT else policy.max_false_refusals
    return Calibration(
        gate, _fit_model(rows, ANSWER_FEATURES, losses, policy.answerable), tuple(sorted({row.suite for row in rows}))
    )


def _fit_model(rows: Sequence[Row], names: Sequence[str], losses: float | None, answerable: float) -> Model:
    """Fit on the features ``names``; the threshold may lose the share ``losses`` of right drafts, or decides most."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - slow to import
    from sklearn.metrics import brier_score_loss, roc_auc_score  # noqa: PLC0415
    from sklearn.model_selection import StratifiedKFold, cross_val_predict  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    values = np.array([[row.features.get(name, 0.0) for name in names] for row in rows], dtype=np.float64)
    labels = np.array([row.label for row in rows])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=_PENALTY))
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    probabilities = cross_val_predict(model, values, labels, cv=folds, method="predict_proba")[:, 1]
    model.fit(values, labels)
    scaler, regression = model[0], model[-1]
    weights = regression.coef_[0] / scaler.scale_
    return Model(
        intercept=float(regression.intercept_[0] - weights @ scaler.mean_),
        weights=dict(zip(names, map(float, weights), strict=True)),
        threshold=most_right_threshold(float(labels.mean()), answerable)
        if losses is None
        else threshold_for_losses(labels, probabilities, losses),
        n=len(rows),
        right=int(labels.sum()),
        auc=float(roc_auc_score(labels, probabilities)),
        brier=float(brier_score_loss(labels, probabilities)),
        predictions=tuple(zip(map(float, probabilities), map(bool, labels), strict=True)),
    )
