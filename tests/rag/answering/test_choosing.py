from __future__ import annotations

from collections.abc import Callable
from collections.abc import Generator as Steps
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest

from rag.answering.attempt import Attempt, Drafter
from rag.answering.case import Case, Stopwatch
from rag.answering.choosing import best_draft
from rag.answering.citing import Citer
from rag.answering.evidence import Evidence
from rag.answering.judging import Judge
from rag.answering.portions import Portion
from rag.answering.questions import Inquiry
from rag.domain import EvidenceSentence, Passage, Sufficiency, Usage

LIMIT = 0.4


class Drafting:
    """Makes drafts of the given probabilities, and remembers how many sentences it read for each."""

    def __init__(self, *probabilities: float) -> None:
        self.probabilities = list(probabilities)
        self.read: list[int] = []
        self.asked = 0

    def attempt(self, question: str, language: str, evidence: Evidence, *_: object) -> Steps[Any, None, Attempt]:
        self.read.append(len(evidence.sentences))
        yield from ()
        probability = self.probabilities.pop(0)
        return Attempt("", cast(Citer, probability), {"probability": probability}, Usage(prompt_tokens=1), "")

    def verified(self, question: str, language: str, attempt: Attempt) -> Attempt:
        self.asked += 1
        return replace(attempt, usage=attempt.usage + Usage(completion_tokens=1))


class Judging:
    """Finds the probability of a draft among its features; which not to ask about, and which settle it, it is told."""

    def __init__(self, *unasked: float, settled: float | None = None) -> None:
        self.unasked = unasked
        self.settled = settled

    def decide(self, draft: dict[str, float]) -> Sufficiency:
        return Sufficiency(1.0, draft["probability"], LIMIT, draft)

    def decide_unasked(self, draft: dict[str, float], sure: float) -> Sufficiency | None:
        assert sure in {0.5, 0.6}
        return self.decide(draft) if draft["probability"] in self.unasked else None

    def has_settled(self, draft: dict[str, float]) -> bool:
        return draft["probability"] == self.settled


@pytest.fixture
def portions(make_passage: Callable[..., Passage]) -> list[Portion]:
    passage = make_passage("One thing.", "Another thing.", "A third thing.")
    lines = [EvidenceSentence(passage.text_of(s), s.start, s.end, passage, 1.0) for s in passage.sentences]
    read = [Evidence(tuple(lines[:n]), np.zeros((n, 2), np.float32)) for n in (1, 2, 3)]
    return [Portion(read[0], tried=True), Portion(read[1]), Portion(read[2])]


def chosen(drafting: Drafting, portions: list[Portion], *unasked: float, settled: float | None = None) -> float:
    case = Case(Inquiry("Which?", "en", ()), "Which?", [], Usage(), Stopwatch())
    steps = best_draft(
        portions,
        cast(Judge, Judging(*unasked, settled=settled)),
        case,
        {},
        cast(Drafter, drafting),
    )
    try:
        while True:
            next(steps)
    except StopIteration as ended:
        assert case.usage.prompt_tokens == len(drafting.read)
        assert case.usage.completion_tokens == drafting.asked
        assert ended.value[0].probability == ended.value[1]
        return cast(float, ended.value[1])


@pytest.mark.parametrize(
    ("probabilities", "wins", "read"),
    [
        ((0.6,), 0.6, [1]),  # surely right
        ((0.59, 0.5), 0.5, [1, 2]),  # tried only: it does not count
        ((0.59, 0.45, 0.42), 0.45, [1, 2, 3]),
        ((0.39, 0.3), 0.3, [1, 3]),  # the first passage does not answer
        ((0.39, 0.9), 0.9, [1, 3]),
    ],
)
def test_a_draft_that_surely_holds_ends_the_reading(
    portions: list[Portion], probabilities: tuple[float, ...], wins: float, read: list[int]
) -> None:
    drafting = Drafting(*probabilities)
    assert chosen(drafting, portions) == wins
    assert drafting.read == read


def test_of_those_that_do_not_the_more_probable_wins(portions: list[Portion]) -> None:
    assert chosen(Drafting(0.3, 0.45), portions[1:]) == 0.45
    assert chosen(Drafting(0.45, 0.3), portions[1:]) == 0.45


def test_a_draft_that_is_decided_is_not_verified(portions: list[Portion]) -> None:
    drafting = Drafting(0.6)
    assert chosen(drafting, portions, 0.6) == 0.6
    assert drafting.asked == 0
    drafting = Drafting(0.1, 0.45, 0.3)
    assert chosen(drafting, portions[1:], 0.1) == 0.45
    assert drafting.asked == 1


def test_where_more_would_not_help_no_more_is_read(portions: list[Portion]) -> None:
    drafting = Drafting(0.1)
    assert chosen(drafting, portions, settled=0.1) == 0.1
    assert drafting.read == [1]
    drafting = Drafting(0.45, 0.1)
    assert chosen(drafting, portions[1:] * 2, settled=0.1) == 0.45
    assert drafting.read == [2, 3]
