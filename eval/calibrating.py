"""The run behind ``calibrate``: drafts for every question, kept in a file so that fitting again needs no model."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from eval.calibration import Calibration, as_toml
from eval.drafts import Row, collect, read_rows
from eval.evaluation import opened, progress_bar
from eval.records import to_json_line, write_atomically
from eval.suites import Suite
from rag.errors import PinciteError
from rag.settings import Settings


def gather_rows(
    suites: Sequence[Suite], settings: Settings, kept: Path | None, *, workers: int = 1, replay: bool = False
) -> list[Row]:
    """Return the drafts in the file ``kept`` where it exists; otherwise draft all questions, and keep them there.

    While it runs, the lines stand in a file beside, so that an interrupted run never looks like a finished one.
    """
    if kept is not None and kept.is_file():
        return read_rows(kept)
    rows: list[Row] = []
    part = kept and kept.with_name(kept.name + ".part")
    if part:
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text("", encoding="utf-8")
    for suite in suites:
        with opened(suite, settings, replay=replay) as assistant, progress_bar() as progress:
            task = progress.add_task(suite.name, total=len(suite.queries))
            for found in collect(assistant, suite.queries, workers=workers):
                progress.advance(task)
                rows += found
                if part:
                    with part.open("a", encoding="utf-8") as lines:
                        lines.writelines(map(to_json_line, found))
    if part and kept:
        part.replace(kept)
    return rows


def save_calibrations(calibrations: Mapping[str, Calibration], path: Path) -> None:
    """Write the calibration file.

    Raises:
        PinciteError: the file at ``path`` knows a language that was not fitted and would be lost.
    """
    known = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    lost = sorted(set(known) - set(calibrations))
    if lost:
        raise PinciteError(
            f"No drafts in {', '.join(lost)}, which {path} has and would lose.",
            "Add a suite in that language (--suite), or write elsewhere (--out).",
        )
    write_atomically(path, as_toml(calibrations))


def show_calibrations(calibrations: Mapping[str, Calibration], console: Console) -> None:
    """Print the quality and threshold of each decision."""
    table = Table("language", "decision", "threshold", "AUC", "Brier", "drafts", "right", title="Calibration")
    for language, fitted in calibrations.items():
        for stage, model in (("gate", fitted.gate), ("answer", fitted.answer)):
            numbers = (f"{value:.3f}" for value in (model.threshold, model.auc, model.brier))
            table.add_row(language, stage, *numbers, str(model.n), str(model.right))
    console.print(table)
