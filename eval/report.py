"""A run's results on the terminal, as JSON and as one HTML page that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.bootstrap import Estimate
from eval.gate import Check
from eval.misses import misses
from eval.plots import interval_plot, times_plot
from eval.records import Record, write_atomically
from eval.runner import Stage
from eval.scores import Scores, costs_of, samples_of

_TEMPLATE = "report.html.jinja"
_SLICE_COLUMNS = {
    "recall@5": "R@5",
    "ndcg@10": "nDCG@10",
    "answer_accuracy": "accuracy",
    "token_f1": "F1",
    "rouge_l": "ROUGE-L",
    "refusal_recall": "refusal recall",
    "false_refusal_rate": "false refusals",
    "citation_precision": "citation precision",
    "sentence_support": "support",
    "answer_s": "answer s",
}


@dataclass(frozen=True, slots=True)
class Results:
    """A finished run: how it was made (``run``, shown as it is), its records and its scores."""

    run: Mapping[str, Any]
    stage: Stage
    records: Sequence[Record]
    scores: Scores


def show(results: Results, console: Console) -> None:
    """Print the overall metrics with their intervals, then a row for each slice, and what was not asked."""
    overall = Table("metric", "value", "95% interval", "n", title="Overall")
    for name, estimate in results.scores.overall.items():
        overall.add_row(name, _figure(estimate.value), _interval(estimate), str(estimate.n))
    console.print(overall)
    columns = {name: title for name, title in _SLICE_COLUMNS.items() if name in results.scores.overall}
    for dimension, groups in results.scores.slices.items():
        table = Table(dimension, *columns.values(), title=f"By {dimension}")
        for group, metrics in groups.items():
            table.add_row(Text(group), *(_figure(metrics[name].value) for name in columns))
        console.print(table)
    if left_out := results.run.get("left_out"):
        console.print(Text(f"Left out, for their question is empty: {left_out}"))


def show_checks(suite: str, checks: Sequence[Check], console: Console) -> None:
    """Print the floors of a suite, each with its value."""
    table = Table("metric", "floor", "value", "", title=f"Gate: {suite}")
    for check in checks:
        verdict = Text("pass", "green") if check.passed else Text("FAIL", "bold red")
        table.add_row(check.metric, check.bound, _figure(check.value), verdict)
    console.print(table)


def save(results: Results, json_path: Path | None, html_path: Path | None) -> None:
    """Write the JSON and the page to the paths that are given."""
    if json_path:
        write_atomically(json_path, as_json(results))
    if html_path:
        write_atomically(html_path, as_html(results))


def as_json(results: Results) -> str:
    """Return the overall metrics by name, each ``{value, low, high, n}``, beside ``run``, ``slices`` and ``questions``.

    A question is ``{suite, id, question, metrics}``, and each of its metrics ``[numerator, denominator]``; those for
    which it does not count are left out.
    """
    slices = {
        dimension: {group: plain(metrics) for group, metrics in groups.items()}
        for dimension, groups in results.scores.slices.items()
    }
    content = {
        "run": dict(results.run),
        **plain(results.scores.overall),
        "slices": slices,
        "questions": _questions(results),
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_html(results: Results) -> str:
    """Return the page: tables, plots, and every miss with what was expected, got and cited. All text is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only for this page
    from markupsafe import Markup  # noqa: PLC0415 - likewise

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"figure": _figure, "expected": _expected}
    plots = {"overall": interval_plot({"all": results.scores.overall}), "times": _times(results)}
    plots |= {dimension: interval_plot(groups) for dimension, groups in results.scores.slices.items()}
    failed = [(record, reasons) for record in results.records if (reasons := misses(record, results.stage))]
    return environment.get_template(_TEMPLATE).render(
        run=dict(results.run),
        scores=results.scores,
        # Matplotlib escapes the text in what it draws.
        plots={name: Markup(svg) for name, svg in plots.items()},  # noqa: S704
        misses=failed,
        questions=len(results.records),
    )


def _times(results: Results) -> str:
    timings = [record.answer.timings_ms for record in results.records if record.answer]
    first = [timing.first_token / 1000 for timing in timings if timing.first_token]
    return times_plot(first, [timing.total / 1000 for timing in timings])


def _expected(record: Record) -> str:
    query = record.query
    if not query.answerable:
        return "a refusal"
    if query.answer_groups:
        return "; and ".join(" / ".join(group) for group in query.answer_groups)
    if query.answer_alternatives:
        return "; or ".join(" + ".join(forms) for forms in query.answer_alternatives)
    return " / ".join(query.answers)


def plain(metrics: Mapping[str, Estimate]) -> dict[str, dict[str, float | int | None]]:
    """Return the estimates as JSON has them."""
    return {name: asdict(estimate) for name, estimate in metrics.items()}


def _questions(results: Results) -> list[dict[str, Any]]:
    samples = samples_of(results.records, results.stage) | costs_of(results.records)
    return [
        {
            "suite": record.query.suite,
            "id": record.query.id,
            "question": record.query.question,
            "metrics": {
                name: [sample.numerator, sample.denominator]
                for name, of_records in samples.items()
                if (sample := of_records[i]) is not None
            },
        }
        for i, record in enumerate(results.records)
    ]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}" if abs(value) < 100 else f"{value:.0f}"


def _interval(estimate: Estimate) -> str:
    return "–" if estimate.low is None else f"{_figure(estimate.low)} – {_figure(estimate.high)}"
