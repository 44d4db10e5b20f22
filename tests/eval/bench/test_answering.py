from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from eval.bench.answering import measure, time_answer
from eval.bench.plain_model import Times
from rag.domain import Answer, Timings


class _Assistant:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.asked: list[str] = []

    def ask(self, question: str) -> Answer:
        self.asked.append(question)
        time.sleep(0.02)
        return self._answer


@pytest.fixture
def assistant(answer: Callable[..., Answer]) -> _Assistant:
    return _Assistant(replace(answer(), timings_ms=Timings(first_token=10, total=20)))


def test_each_question_is_put_to_both(assistant: _Assistant) -> None:
    plainly: list[str] = []

    def plain(question: str) -> Times:
        plainly.append(question)
        return Times(0.04, 0.1)

    result = measure(assistant, plain, ["a", "b", "c"])
    assert assistant.asked == plainly == ["a", "a", "b", "c"]
    assert (result.questions, result.first.median) == (3, 0.01)
    assert result.first_ratio.median == pytest.approx(4)
    assert 2 < result.whole_ratio.median < 5
    rows = {row.what: row for row in result.rows()}
    assert rows["first token, times sooner"].value == result.first_ratio
    assert rows["first token, times sooner"].reached
    assert rows["first token, s"].goal is None
    assert [(times.first, times.whole) for times in result.theirs] == [(0.04, 0.1)] * 3
    plot = result.plot()
    assert plot.startswith("<svg")
    assert "ours: first token" in plot


def test_a_refusal_without_a_draft_is_read_when_it_ends(answer: Callable[..., Answer]) -> None:
    times = time_answer(_Assistant(replace(answer(), timings_ms=Timings(total=20))), "?")
    assert times.first == times.whole >= 0.02
