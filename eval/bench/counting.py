"""A bar for a measurement of known length."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from eval.evaluation import progress_bar


@contextmanager
def counting(name: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a bar of ``total`` steps, and yield what to call after each."""
    with progress_bar() as progress:
        task = progress.add_task(name, total=total)
        yield lambda: progress.advance(task)
