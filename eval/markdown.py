"""Runs as a Markdown table, for documentation: a row a metric, a column a run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.errors import PinciteError


def table_of(paths: Sequence[Path]) -> str:
    """Return the metrics of the files that ``run --json`` wrote, each with its interval, side by side.

    Raises:
        PinciteError: a file cannot be read, or is no such file.
    """
    runs = {path.stem: _metrics(path) for path in paths}
    names = list(dict.fromkeys(name for metrics in runs.values() for name in metrics))
    lines = [["metric", *runs], ["---"] * (len(runs) + 1)]
    lines += [[name, *(cell(metrics.get(name)) for metrics in runs.values())] for name in names]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def cell(metric: Mapping[str, Any] | None) -> str:
    """Return an estimate, given by its fields, as a cell of a table: value, interval, number of records."""
    if metric is None or metric["value"] is None:
        return "—"
    return f"{metric['value']:.3f} [{metric['low']:.3f}, {metric['high']:.3f}] ({metric['n']})"


def _metrics(path: Path) -> dict[str, Mapping[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        metrics = {name: value for name, value in content.items() if name != "questions"}
        return {name: value for name, value in metrics.items() if {"value", "low", "high", "n"} <= set(value)}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise PinciteError(f"{path} holds no metrics: {error}.", "Name a file that `run --json` wrote.") from error
