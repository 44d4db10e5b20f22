"""Threads that give way: who searches should not wait for the processor until an answer is written."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# The scheduler gives a thread at 10 about a tenth of what one at 0 gets, and all of it where nobody else wants any.
_NICENESS = 10


def in_background(start: Callable[[], T]) -> T:
    """Return what ``start`` returns; the threads that it starts give way to all others of the process.

    Linux knows a niceness of threads, which those that they start inherit; elsewhere nothing gives way.
    """

    def nicely() -> T:
        if sys.platform == "linux":
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, thread)))
        return start()

    with ThreadPoolExecutor(1) as helper:
        return helper.submit(nicely).result()
