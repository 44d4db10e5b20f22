"""A whole run: index each suite, put its questions, keep the records, compute the scores."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from eval.records import Record, log_line
from eval.replaying import ReplayingGenerator, is_replayed
from eval.report import Results
from eval.runner import Stage, ask_all
from eval.sampling import by_answerability, opposite_sample, stratified_sample
from eval.scores import score
from eval.suite_index import suite_settings
from eval.suites import CALIBRATION_FOLDER, Suite, load_calibration_pairs, load_own_pairs, load_suite
from rag.settings import Settings

if TYPE_CHECKING:
    from rag import Assistant


def load_suites(folders: Sequence[Path], limit: int | None) -> list[Suite]:
    """Load the suites, or the own pairs where none is named, each cut to a fixed sample of ``limit`` questions."""
    suites = [load_suite(folder) for folder in folders] or [load_own_pairs()]
    if limit is None:
        return suites
    return [replace(suite, queries=stratified_sample(suite.queries, limit, by_answerability)) for suite in suites]


def load_calibration_suites(folders: Sequence[Path], limit: int | None) -> list[Suite]:
    """Load the project's own calibration questions, all of them, and a fixed sample of ``limit`` of each suite named.

    It holds other questions than the sample of ``load_suites``, while both fit into the suite.
    """
    suites = [load_suite(folder) for folder in folders]
    if limit is not None:
        suites = [replace(suite, queries=opposite_sample(suite.queries, limit, by_answerability)) for suite in suites]
    return [load_calibration_pairs(), load_suite(CALIBRATION_FOLDER), *suites]


def evaluate(  # noqa: PLR0913 - the options of a run
    suites: Sequence[Suite],
    stage: Stage,
    settings: Settings,
    *,
    workers: int = 1,
    log: Path | None = None,
    replay: bool = False,
) -> Results:
    """Run ``stage`` over all suites and score it; each record goes to the file ``log`` as soon as it is there.

    With ``replay`` the model is not asked again what it was asked before.
    """
    started = time.monotonic()
    records: list[Record] = []
    with ExitStack() as stack:
        if log:
            log.parent.mkdir(parents=True, exist_ok=True)
        lines = stack.enter_context(log.open("w", encoding="utf-8")) if log else None
        for suite in suites:
            with opened(suite, settings, replay=replay) as assistant, progress_bar() as progress:
                task = progress.add_task(suite.name, total=len(suite.queries))

                def done(record: Record, progress: Progress = progress, task: TaskID = task) -> None:
                    progress.advance(task)
                    if lines:
                        lines.write(log_line(record))
                        lines.flush()

                records += ask_all(assistant, suite.queries, stage, workers=workers, done=done)
    run = {
        "suites": [suite.name for suite in suites],
        "stage": stage.value,
        "questions": len(records),
        "left_out": [name for suite in suites for name in suite.left_out],
        "workers": workers,
        "replayed": sum(record.answer is not None and is_replayed(record.answer) for record in records),
        "seconds": round(time.monotonic() - started, 1),
        "generator": settings.generator,
        "embedder": settings.embedder,
        "snapshots": sorted({record.answer.snapshot for record in records if record.answer}),
    }
    return Results(run, stage, records, score(records, stage))


@contextmanager
def opened(suite: Suite, settings: Settings, *, replay: bool = False) -> Iterator[Assistant]:
    """Bring the suite's index up to date and open an assistant on it."""
    from rag import curate, open_assistant, open_generator  # noqa: PLC0415 - loads the models' libraries

    # A question that comes twice is answered twice.
    answering = settings.answering.model_copy(update={"repeated_answers": 0})
    chosen = suite_settings(suite, settings.model_copy(update={"answering": answering}))
    with Console(stderr=True).status(f"Indexing {suite.name}"):
        curate(chosen)
    kept = settings.index_dir.parent / "eval" / "generations"
    with open_assistant(chosen, ReplayingGenerator(open_generator(chosen), kept) if replay else None) as assistant:
        yield assistant


def progress_bar() -> Progress:
    """Return a bar, on standard error, with the count, the time gone and the time left."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
