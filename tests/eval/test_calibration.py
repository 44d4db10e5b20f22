from __future__ import annotations

import math
import tomllib

import numpy as np
import pytest

from eval.calibration import (
    ANSWER_FEATURES,
    GATE_FEATURES,
    Model,
    Policy,
    Rule,
    as_toml,
    fit,
    most_right_threshold,
    threshold_for_losses,
)
from eval.drafts import Row
from rag.errors import PinciteError


def _rows(language: str, n: int = 400) -> list[Row]:
    """Right with probability sigmoid(-1 + 2 support - 1.5 cross), whatever "states_answer" says; support in tens."""
    rng = np.random.default_rng(3)
    rows = []
    for i in range(n):
        dense, cross, noise = rng.normal(), float(rng.random() < 0.3), rng.normal()
        right = rng.random() < 1 / (1 + math.exp(1 - 2 * dense + 1.5 * cross))
        features = {"support": 10 * dense, "cross": cross, "states_answer": noise}
        rows.append(Row("set", str(i), False, language, int(right), features, ""))
    return rows


def test_recovers_the_weights_in_raw_units() -> None:
    model = fit(_rows("en", 3000), Policy())["en"].answer
    assert model.weights["support"] == pytest.approx(0.2, abs=0.03)
    assert model.weights["cross"] == pytest.approx(-1.5, abs=0.3)
    assert model.weights["states_answer"] == pytest.approx(0.0, abs=0.12)
    assert model.intercept == pytest.approx(-1.0, abs=0.2)
    assert 0.8 < model.auc < 0.95
    assert model.brier < 0.17


def test_each_language_and_decision_has_its_own_model() -> None:
    fitted = fit([*_rows("en"), *_rows("zh")], Policy())
    assert set(fitted) == {"en", "zh"}
    assert set(fitted["zh"].gate.weights) == set(GATE_FEATURES)
    assert set(fitted["zh"].answer.weights) == set(ANSWER_FEATURES)
    assert fitted["en"].suites == ("set",)
    assert fitted["en"].gate.threshold < fitted["en"].answer.threshold


def _probability(model: Model, row: Row) -> float:
    return 1 / (
        1 + math.exp(-model.intercept - sum(w * row.features.get(name, 0.0) for name, w in model.weights.items()))
    )


def test_threshold_loses_no_more_than_asked() -> None:
    rows = _rows("en", 1000)
    model = fit(rows, Policy(Rule.FALSE_REFUSALS, max_false_refusals=0.1))["en"].answer
    right = [_probability(model, row) for row in rows if row.label]
    lost = sum(probability < model.threshold for probability in right) / len(right)
    assert lost == pytest.approx(0.1, abs=0.03)


def test_threshold_rules_by_hand() -> None:
    labels = np.array([0, 0, 0, 1, 1, 1, 1])
    probabilities = np.array([0.1, 0.2, 0.6, 0.3, 0.7, 0.8, 0.9])
    assert threshold_for_losses(labels, probabilities, 0.0) == 0.3
    assert threshold_for_losses(labels, probabilities, 0.25) == 0.7


def test_where_more_can_be_answered_less_probable_drafts_are_given() -> None:
    assert most_right_threshold(0.5, 0.5) == 0.5
    assert most_right_threshold(0.3, 0.3) == pytest.approx(0.5)
    # Odds of 3 to 7 in the fit, of 1 to 1 in use.
    assert most_right_threshold(0.3, 0.5) == pytest.approx(0.3)
    assert most_right_threshold(0.3, 0.6) < 0.3


def test_rule_is_followed() -> None:
    rows = _rows("en")
    strict = fit(rows, Policy(Rule.MOST_RIGHT, answerable=0.5))["en"].answer.threshold
    assert strict > fit(rows, Policy(Rule.FALSE_REFUSALS))["en"].answer.threshold
    assert strict > fit(rows, Policy(Rule.MOST_RIGHT, answerable=0.9))["en"].answer.threshold


def test_the_file_can_be_loaded() -> None:
    fitted = fit(_rows("en"), Policy())
    table = tomllib.loads(as_toml(fitted))["en"]
    assert table["suites"] == ["set"]
    assert table["answer"]["weights"]["support"] == pytest.approx(fitted["en"].answer.weights["support"], abs=1e-6)
    assert table["gate"]["threshold"] == pytest.approx(fitted["en"].gate.threshold, abs=1e-6)
    assert table["answer"]["n"] == 400


def test_too_few_rows_are_told() -> None:
    with pytest.raises(PinciteError, match="in en: too few"):
        fit(_rows("en", 6), Policy())


def test_too_few_right_drafts_to_lose_one_leave_a_margin() -> None:
    labels, probabilities = np.array([0, 1, 1]), np.array([0.1, 0.3, 0.7])
    assert threshold_for_losses(labels, probabilities, 0.01) == pytest.approx(0.15)
