from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from rag.embedding.turns import Turns


class _Callers:
    """Threads that each want one turn; notes who had it, and whether two ever had it at once."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.order: list[str] = []
        self.most_at_once = 0
        self._at_once = 0
        self._threads: list[threading.Thread] = []

    def start(self, name: str, turn: Callable[[], AbstractContextManager[None]], hold: threading.Event) -> None:
        def take() -> None:
            with turn():
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
                self.order.append(name)
                hold.wait(10)
                self._at_once -= 1

        self._threads.append(threading.Thread(target=take))
        self._threads[-1].start()
        time.sleep(0.05)  # until it waits for its turn

    def join(self) -> None:
        for thread in self._threads:
            thread.join(10)


def test_a_hurried_caller_goes_before_all_patient_ones_but_one() -> None:
    callers, hold = _Callers(), threading.Event()
    for number in range(4):
        callers.start(f"patient {number}", callers.turns.patient, hold)
    callers.start("hurried", callers.turns.hurried, hold)
    hold.set()
    callers.join()
    assert callers.order[0] == "patient 0"
    assert callers.order.index("hurried") <= 2
    assert sorted(callers.order[1:]) == ["hurried", "patient 1", "patient 2", "patient 3"]


def test_one_caller_at_a_time_also_where_one_fails() -> None:
    callers, hold = _Callers(), threading.Event()
    hold.set()

    def failing() -> None:
        with callers.turns.hurried():
            raise ValueError

    for _ in range(3):
        try:
            failing()
        except ValueError:
            callers.start("patient", callers.turns.patient, hold)
    callers.join()
    assert callers.order == ["patient"] * 3
    assert callers.most_at_once == 1
