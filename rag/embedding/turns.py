"""Turns at a model that serves one caller at a time: those in a hurry go before those with much to do."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock with two classes of callers.

    Of those that are patient only one waits beside the hurried ones, so that a hurried caller waits for the turn under
    way and at most one patient turn more, however many others are patient.
    """

    def __init__(self) -> None:
        self._patient = threading.Lock()
        self._next = threading.Lock()
        self._model = threading.Lock()

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Hold the turn for something short that somebody waits for."""
        with self._next:
            self._model.acquire()
        try:
            yield
        finally:
            self._model.release()

    @contextmanager
    def patient(self) -> Iterator[None]:
        """Hold the turn for a part of something long."""
        with self._patient, self.hurried():
            yield
