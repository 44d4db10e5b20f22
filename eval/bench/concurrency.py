"""Chats at once against the same chats one after another: how many tokens a second, and how long each one waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from eval.bench.goals import Row, at_least
from eval.bench.spread import Spread, spread
from rag.domain import Answer


class Assistant(Protocol):
    """What the measurement needs of the assistant."""

    def ask(self, question: str) -> Answer:
        """Answer from the whole corpus."""


@dataclass(frozen=True, slots=True)
class Round:
    """All the questions answered once; times in seconds from the start of the round."""

    seconds: float
    written: int
    read: int
    first_tokens: tuple[float, ...]
    ends: tuple[float, ...]

    @property
    def written_per_second(self) -> float:
        """Tokens of the answers a second."""
        return self.written / self.seconds


@dataclass(frozen=True, slots=True)
class Concurrency:
    """What came of several rounds of each kind, in turn. Rates are tokens a second, times are seconds."""

    chats: int
    in_turn: Spread
    at_once: Spread
    ratio: Spread
    read: Spread
    first_token_p95: Spread
    longest: Spread

    def rows(self) -> list[Row]:
        """Return the lines of the table."""
        many = f"{self.chats} at once"
        return [
            Row("concurrency", "one after another, tokens written a second", self.in_turn),
            Row("concurrency", f"{many}, tokens written a second", self.at_once),
            Row("concurrency", f"{many}, times the tokens a second", self.ratio, at_least(2.5)),
            Row("concurrency", "tokens read for one written", self.read),
            Row("concurrency", f"{many}, first token p95, s", self.first_token_p95),
            Row("concurrency", f"{many}, last answer, s", self.longest),
        ]


def measure(
    assistant: Assistant, questions: Sequence[str], runs: int, done: Callable[[], None] = lambda: None
) -> Concurrency:
    """Ask all ``questions`` one after another and then all at once, ``runs`` times each, after a round to warm up.

    ``done`` is called after each round.
    """
    one_round(assistant, questions, workers=len(questions))
    done()
    pairs: list[tuple[Round, Round]] = []
    for _ in range(runs):
        in_turn = one_round(assistant, questions, workers=1)
        done()
        at_once = one_round(assistant, questions, workers=len(questions))
        done()
        pairs.append((in_turn, at_once))
    return Concurrency(
        chats=len(questions),
        in_turn=spread([turn.written_per_second for turn, _ in pairs]),
        at_once=spread([once.written_per_second for _, once in pairs]),
        ratio=spread([once.written_per_second / turn.written_per_second for turn, once in pairs]),
        read=spread([once.read / once.written for _, once in pairs]),
        first_token_p95=spread([_p95(once.first_tokens) for _, once in pairs]),
        longest=spread([max(once.ends) for _, once in pairs]),
    )


def one_round(assistant: Assistant, questions: Sequence[str], *, workers: int) -> Round:
    """Answer all ``questions``, ``workers`` at a time."""
    began = time.perf_counter()

    def ask(question: str) -> tuple[Answer, float]:
        return assistant.ask(question), time.perf_counter() - began

    with ThreadPoolExecutor(workers) as pool:
        answers = list(pool.map(ask, questions))
    return Round(
        seconds=time.perf_counter() - began,
        written=sum(answer.usage.completion_tokens for answer, _ in answers),
        read=sum(answer.usage.prompt_tokens for answer, _ in answers),
        first_tokens=tuple((answer.timings_ms.first_token or 0.0) / 1000 for answer, _ in answers),
        ends=tuple(end for _, end in answers),
    )


def _p95(values: Sequence[float]) -> float:
    return float(np.quantile(values, 0.95, method="inverted_cdf"))
