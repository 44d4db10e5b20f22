"""The bar that shows how indexing goes."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn


class CurationBar:
    """Shows files, and texts embedded, in all and per second, while the curator runs; gone when it has finished."""

    def __init__(self, console: Console) -> None:
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[state]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task("Looking for changes", total=None, state="")
        self._files = 0
        self._done = 0
        self._texts = 0
        self._started = time.perf_counter()

    def __enter__(self) -> CurationBar:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def planned(self, files: int) -> None:
        """``files`` will be looked at."""
        self._files = files
        self._started = time.perf_counter()
        self._bar.update(self._task, description="Indexing", total=files)

    def file_done(self) -> None:
        """One more file was read, reused or skipped."""
        self._done += 1
        self._bar.update(self._task, completed=self._done, state=self.state)

    def embedded(self, texts: int) -> None:
        """``texts`` more, passages and sentences, were embedded."""
        self._texts += texts
        self._bar.update(self._task, state=self.state)

    @property
    def state(self) -> str:
        """How far the run is, in words."""
        rate = self._texts / max(time.perf_counter() - self._started, 1e-3)
        return f"{self._done:,} of {self._files:,} files, {self._texts:,} texts embedded, {rate:,.1f}/s"
