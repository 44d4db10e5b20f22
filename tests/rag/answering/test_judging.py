from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.calibration import LogisticModel
from rag.answering.judging import Judge

MODEL = LogisticModel(-1.0, {"states_answer": 0.6, "support": 2.6, "near": 0.1}, 0.3)
CLEAR = {"support": 0.3, "support_least": 1.0}


def judge(likelihood: float = 0.8, model: LogisticModel = MODEL) -> Judge:
    return Judge(likelihood, {"near": 0.5}, model, None)


def test_all_features_are_weighed() -> None:
    decided = judge().decide(CLEAR | {"states_answer": 3.0})
    assert decided.gate == 0.8
    assert decided.probability == pytest.approx(MODEL.probability({"near": 0.5, "states_answer": 3.0, "support": 0.3}))
    assert decided.features == CLEAR | {"near": 0.5, "states_answer": 3.0}


def test_a_clear_draft_stands_with_the_little_that_is_said_of_its_like() -> None:
    decided = judge().decide_unasked(CLEAR, 0.6)
    assert decided is not None
    assert decided.features["presumed"]
    assert decided == judge().decide(CLEAR | {"states_answer": decided.features["states_answer"], "presumed": 1.0})


@pytest.mark.parametrize(
    ("likelihood", "draft", "model"),
    [
        (0.69, CLEAR, MODEL),
        (0.8, {"support": 0.15, "support_least": 0.85}, MODEL),
        (0.8, CLEAR, LogisticModel(-2.0, MODEL.weights, 0.3)),  # it would not stand
    ],
)
def test_the_model_is_asked_where_it_could_matter(
    likelihood: float, draft: dict[str, float], model: LogisticModel
) -> None:
    assert judge(likelihood, model).decide_unasked(draft, 0.6) is None


@given(likelihood=st.floats(0, 1), least=st.floats(0, 1), sure=st.sampled_from([0.5, 0.6]))
def test_of_a_draft_that_is_ruled_out_nothing_is_asked(likelihood: float, least: float, sure: float) -> None:
    draft = {"support": least - 0.7, "support_least": least, "unfounded": 1.0}
    decided = judge(likelihood).decide_unasked(draft, sure)
    assert decided is not None
    assert decided.probability is not None
    assert decided.probability < decided.threshold


@pytest.mark.parametrize(
    ("evidence", "draft", "settled"),
    [
        ({"other_dates": 1.0}, {"other_dates": 1.0}, True),
        ({"other_version": 1.0}, {"unfounded": 1.0}, True),
        ({"lacking_names": 2.0}, {"uncited": 1.0}, True),
        ({"lacking_numbers": 1.0}, {"other_dates": 1.0}, True),
        # Another passage may well say what the first one does not.
        ({}, {"other_dates": 1.0}, False),
        ({"cross": 1.0, "coverage": -0.2}, {"unfounded": 1.0}, False),
        # A draft that nothing rules out may hold although a name of the question stands nowhere.
        ({"lacking_names": 1.0}, {"unfounded": 0.0}, False),
        ({"other_dates": 1.0}, {}, False),
    ],
)
def test_what_more_of_the_evidence_would_not_mend(
    evidence: dict[str, float], draft: dict[str, float], settled: bool
) -> None:
    assert Judge(0.8, evidence, MODEL, None).has_settled(draft) is settled
