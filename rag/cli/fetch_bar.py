"""The progress bar of a fetch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from rag.cli.output import error_console


class FetchBar:
    """Draws how a fetch goes: one bar over everything, the step at hand before it."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def advance(self, amount: int) -> None:
        """Move the bar by ``amount`` bytes."""
        self._progress.advance(self._task, amount)

    def describe(self, step: str) -> None:
        """Show ``step`` before the bar."""
        self._progress.update(self._task, description=step)


@contextmanager
def fetch_bar(total: int) -> Iterator[FetchBar]:
    """Draw a bar of ``total`` bytes on standard error while the context lasts."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=error_console) as progress:
        yield FetchBar(progress, progress.add_task("Fetching", total=total))
