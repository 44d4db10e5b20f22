"""How far the fitted probability can be trusted: a reliability diagram and a risk-coverage curve for each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eval.calibration import Calibration, Predictions
from eval.plots import as_svg, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BINS = 8


@dataclass(frozen=True, slots=True)
class Bin:
    """Drafts of neighbouring probabilities: their mean probability, the share that is right, and its interval."""

    probability: float
    right: float
    low: float
    high: float


def calibration_plot(calibrations: Mapping[str, Calibration]) -> str:
    """Return both plots as SVG, a line for each language, from the out-of-fold probabilities of ``answer``."""
    figure = new_figure(9.0, 3.6)
    reliability, risk = figure.subplots(1, 2)
    for language, calibration in calibrations.items():
        model = calibration.answer
        _draw_reliability(reliability, model.predictions, language)
        coverage, risks = risk_coverage(model.predictions)
        (line,) = risk.plot(coverage, risks, label=language)
        answered = np.mean([probability >= model.threshold for probability, _ in model.predictions])
        risk.axvline(float(answered), color=line.get_color(), linestyle=":", linewidth=1)
    reliability.plot([0, 1], [0, 1], color="grey", linewidth=1)
    _name(reliability, "probability that the draft is right", "share of drafts that are right")
    _name(risk, "share of questions answered (dotted: at the threshold)", "share of those answered wrongly")
    return as_svg(figure)


def reliability_bins(predictions: Predictions) -> list[Bin]:
    """Return bins of equally many drafts, by rising probability, with Wilson's interval (1927) of each share."""
    from scipy.stats import binomtest  # noqa: PLC0415 - slow to import

    ordered = sorted(predictions)
    bins = []
    for rows in np.array_split(np.arange(len(ordered)), min(_BINS, len(ordered))):
        right = sum(ordered[row][1] for row in rows)
        low, high = binomtest(right, len(rows)).proportion_ci(method="wilson")
        mean = float(np.mean([ordered[row][0] for row in rows]))
        bins.append(Bin(mean, right / len(rows), float(low), float(high)))
    return bins


def risk_coverage(predictions: Predictions) -> tuple[list[float], list[float]]:
    """Return, answering ever more of the drafts from the most probable on, their share and the share that is wrong.

    Source: El-Yaniv and Wiener, 2010.
    """
    wrong = [not right for _, right in sorted(predictions, key=lambda pair: -pair[0])]
    answered = range(1, len(wrong) + 1)
    return [n / len(wrong) for n in answered], [
        float(total) / n for n, total in zip(answered, np.cumsum(wrong), strict=True)
    ]


def _draw_reliability(axes: Axes, predictions: Predictions, language: str) -> None:
    bins = reliability_bins(predictions)
    errors = [[one.right - one.low for one in bins], [one.high - one.right for one in bins]]
    axes.errorbar(
        [one.probability for one in bins], [one.right for one in bins], yerr=errors, fmt="o-", capsize=2, label=language
    )


def _name(axes: Axes, x: str, y: str) -> None:
    axes.set(xlabel=x, ylabel=y, xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, frameon=False)
