"""The plots of the report, as inline SVG, and how a plot becomes SVG."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from eval.scores import Metrics

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RATES = (
    "recall@5",
    "ndcg@10",
    "answer_accuracy",
    "token_f1",
    "rouge_l",
    "refusal_recall",
    "false_refusal_rate",
    "citation_precision",
    "citation_recall",
    "evidence_precision",
    "evidence_recall",
    "sentence_support",
)


def interval_plot(groups: Mapping[str, Metrics]) -> str:
    """Return, for each rate, a dot with its 95% interval for each group, as SVG; empty where there is none."""
    names = [name for name in _RATES if any(_known(metrics, name) for metrics in groups.values())]
    if not names:
        return ""
    figure = new_figure(8.0, 0.6 + len(names) * (0.25 + 0.17 * len(groups)))
    axes = figure.subplots()
    for g, (group, metrics) in enumerate(groups.items()):
        rows = [i for i, name in enumerate(names) if _known(metrics, name)]
        estimates = [metrics[names[i]] for i in rows]
        values = [estimate.value or 0.0 for estimate in estimates]
        errors = [
            [value - (estimate.low or 0.0) for value, estimate in zip(values, estimates, strict=True)],
            [(estimate.high or 0.0) - value for value, estimate in zip(values, estimates, strict=True)],
        ]
        offset = (g + 1) / (len(groups) + 1) - 0.5
        axes.errorbar(values, [i + offset for i in rows], xerr=errors, fmt="o", markersize=4, capsize=2, label=group)
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlim(-0.02, 1.02)
    axes.grid(axis="x", alpha=0.3)
    if len(groups) > 1:
        axes.legend(fontsize=8, loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
    return as_svg(figure)


def times_plot(first_token_s: Sequence[float], answer_s: Sequence[float]) -> str:
    """Return the cumulative distributions of the two times, in seconds, as SVG; empty without times."""
    if not answer_s:
        return ""
    figure = new_figure(8.0, 2.6)
    axes = figure.subplots()
    for label, values in (("first token", first_token_s), ("whole answer", answer_s)):
        if values:
            axes.ecdf(values, label=label)
    axes.set_xlabel("seconds")
    axes.set_ylabel("share of questions")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, frameon=False)
    return as_svg(figure)


def _known(metrics: Metrics, name: str) -> bool:
    return name in metrics and metrics[name].value is not None


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of that size in inches."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

    return Figure(figsize=(width, height), layout="constrained")


def as_svg(figure: Figure) -> str:
    """Return the figure as an SVG element that is the same each time."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to import

    # Names of slices come from data: no mathematics in them, and text stays text.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "pincite", "text.parse_math": False}):
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()[out.getvalue().index("<svg") :]
