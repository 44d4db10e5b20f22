"""Doing the same with several batches at once, each on a core of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

import torch

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Cores:
    """As many threads as torch takes for one batch, with one core each. Several callers share them by turns."""

    def __init__(self) -> None:
        self._count = torch.get_num_threads()

    def each(self, work: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[_Result]:
        """Yield ``work(item)`` for each item, in order.

        Little more is under way than there are threads, so that the next caller does not queue behind all the items.
        """
        waiting: deque[Future[_Result]] = deque()
        for item in items:
            waiting.append(self._threads.submit(work, item))
            if len(waiting) > self._count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        threads = ThreadPoolExecutor(self._count, "embedder", initializer=_take_one_core)
        started = threading.Barrier(self._count + 1)
        for _ in range(self._count):
            threads.submit(started.wait)
        started.wait()
        # Threads that torch does not know yet take the number that was set last.
        torch.set_num_threads(self._count)
        return threads


def _take_one_core() -> None:
    torch.get_num_threads()  # otherwise the thread's first operation sets the number for all again
    torch.set_num_threads(1)
