from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from eval.bench.concurrency import measure, one_round
from rag.domain import Answer, Usage


class _Batching:
    """Answers any number of questions at once in the time of one."""

    def __init__(self, answer: Answer, seconds: float) -> None:
        self._answer = replace(answer, usage=Usage(100, 0, 10))
        self._seconds = seconds
        self._lock = threading.Lock()
        self.running = self.most_running = 0

    def ask(self, question: str) -> Answer:
        with self._lock:
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        time.sleep(self._seconds)
        with self._lock:
            self.running -= 1
        return self._answer


@pytest.fixture
def assistant(answer: Callable[..., Answer]) -> _Batching:
    return _Batching(answer(), 0.05)


def test_a_round_counts_what_was_read_and_written(assistant: _Batching) -> None:
    found = one_round(assistant, ["a", "b", "c"], workers=1)
    assert (found.written, found.read, len(found.ends)) == (30, 300, 3)
    assert assistant.most_running == 1
    assert found.seconds >= 0.15
    assert sorted(found.ends) == list(found.ends)


def test_what_is_batched_is_as_many_times_faster(assistant: _Batching) -> None:
    rounds = []
    result = measure(assistant, ["a", "b", "c", "d"], 2, lambda: rounds.append(1))
    assert len(rounds) == 5
    assert assistant.most_running == 4
    assert 2 < result.ratio.median <= 4
    assert result.read.median == 10
    assert [row.value for row in result.rows() if row.goal] == [result.ratio]
