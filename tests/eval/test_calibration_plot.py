from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.calibration import Calibration, Model
from eval.calibration_plot import calibration_plot, reliability_bins, risk_coverage

PREDICTIONS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60).map(tuple)


@settings(deadline=None)  # the first example imports scipy
@given(PREDICTIONS)
def test_bins_hold_every_draft_once(predictions: tuple[tuple[float, bool], ...]) -> None:
    bins = reliability_bins(predictions)
    assert 1 <= len(bins) <= 8
    assert all(0 <= one.low <= one.right + 1e-9 and one.right <= one.high + 1e-9 <= 1 + 2e-9 for one in bins)
    assert [one.probability for one in bins] == sorted(one.probability for one in bins)


@given(PREDICTIONS)
def test_answering_all_leaves_the_share_of_wrong_drafts(predictions: tuple[tuple[float, bool], ...]) -> None:
    coverage, risk = risk_coverage(predictions)
    assert coverage[-1] == 1.0
    assert risk[-1] == pytest.approx(sum(not right for _, right in predictions) / len(predictions))


def test_the_surest_are_answered_first() -> None:
    assert risk_coverage(((0.2, False), (0.9, True))) == ([0.5, 1.0], [0.0, 0.5])


def test_the_plot_has_both_languages() -> None:
    model = Model(0.0, {}, 0.5, 4, 2, 1.0, 0.0, ((0.9, True), (0.8, True), (0.3, False), (0.1, False)))
    drawn = calibration_plot({language: Calibration(model, model, ("set",)) for language in ("en", "zh")})
    ElementTree.fromstring(drawn)
    assert ">en<" in drawn
    assert ">zh<" in drawn
