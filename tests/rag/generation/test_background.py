from __future__ import annotations

import os
import sys
import threading

import pytest

from rag.generation.background import in_background


def _niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux knows the niceness of a thread")
def test_threads_started_in_the_background_give_way_and_others_do_not() -> None:
    found: list[int] = []

    def start() -> str:
        thread = threading.Thread(target=lambda: found.append(_niceness()))
        thread.start()
        thread.join()
        return "started"

    before = _niceness()
    assert in_background(start) == "started"
    assert found == [max(10, before)]
    assert _niceness() == before


def test_what_goes_wrong_is_raised_here() -> None:
    def fail() -> None:
        raise RuntimeError("no memory")

    with pytest.raises(RuntimeError, match="no memory"):
        in_background(fail)
