"""Turns at a model: those with much to do let those in a hurry go first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """Lets hurried callers in one at a time; patient ones wait for them before each part of their work.

    So a hurried caller waits for others of its kind alone, and shares the cores with the parts that had begun.
    """

    def __init__(self) -> None:
        self._hurried = threading.Lock()

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Hold the turn for something short that somebody waits for."""
        with self._hurried:
            yield

    def give_way(self) -> None:
        """Wait until no hurried caller is at work."""
        with self._hurried:
            pass
