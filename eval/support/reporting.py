"""The figures as Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.bootstrap import Estimate
from eval.markdown import cell
from eval.records import to_json_line, write_atomically


def estimates_table(estimates: Mapping[str, Estimate], title: str) -> str:
    """Return a row for each estimate, with its interval and the number of records; ``title`` says what they are."""
    lines = [f"| {title} | value |", "|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {cell(asdict(estimate))} |" for name, estimate in estimates.items())])


def confusion_table(counts: Mapping[str, Mapping[str, int]]) -> str:
    """Return a row for each label with the number of claims of each verdict."""
    columns = next(iter(counts.values()))
    lines = [f"| label \\ verdict | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    return "\n".join(
        [*lines, *(f"| {label} | {' | '.join(map(str, row.values()))} |" for label, row in counts.items())]
    )


def save(path: Path | None, figures: Mapping[str, Any], records: Iterable[object]) -> None:
    """Write the figures to ``path``, if one is given, and the records beside, one a line."""
    if path:
        write_atomically(path, json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
        write_atomically(path.with_suffix(".records.jsonl"), "".join(map(to_json_line, records)))
