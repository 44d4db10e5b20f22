"""Our answers against the same model asked plainly: how long until something is to be read, and until it is whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.bench.concurrency import Assistant
from eval.bench.goals import Row, at_least
from eval.bench.plain_model import Times
from eval.bench.spread import Spread, quartiles
from eval.plots import as_svg, new_figure


@dataclass(frozen=True, slots=True)
class Answering:
    """Seconds of ``questions`` questions, and how many times sooner ours is, question by question."""

    questions: int
    first: Spread
    whole: Spread
    plain_first: Spread
    plain_whole: Spread
    first_ratio: Spread
    whole_ratio: Spread
    ours: tuple[Times, ...]
    theirs: tuple[Times, ...]

    def rows(self) -> list[Row]:
        """Return the lines of the table: medians over the questions, with the quartiles."""
        return [
            Row("answer", "the model asked plainly: first token, s", self.plain_first),
            Row("answer", "first token, s", self.first),
            Row("answer", "first token, times sooner", self.first_ratio, at_least(3)),
            Row("answer", "the model asked plainly: whole answer, s", self.plain_whole),
            Row("answer", "whole answer, s", self.whole),
            Row("answer", "whole answer, times sooner", self.whole_ratio, at_least(2)),
        ]

    def plot(self) -> str:
        """Return the share of questions that had a first token, and a whole answer, after so many seconds, as SVG."""
        figure = new_figure(8.0, 2.8)
        axes = figure.subplots()
        for who, colour, times in (("ours", "C0", self.ours), ("the model asked plainly", "C1", self.theirs)):
            axes.ecdf([each.first for each in times], label=f"{who}: first token", color=colour)
            axes.ecdf([each.whole for each in times], label=f"{who}: whole", color=colour, linestyle="--")
        axes.set_xlim(left=0)
        axes.set_xlabel("seconds")
        axes.set_ylabel("share of questions")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8, frameon=False)
        return as_svg(figure)


def measure(
    assistant: Assistant,
    plain: Callable[[str], Times],
    questions: Sequence[str],
    done: Callable[[], None] = lambda: None,
) -> Answering:
    """Put each question to both, in an order that changes from one to the next, after one to warm up."""
    assistant.ask(questions[0])
    plain(questions[0])
    pairs: list[tuple[Times, Times]] = []
    for number, question in enumerate(questions):
        if number % 2:
            theirs, ours = plain(question), time_answer(assistant, question)
        else:
            ours, theirs = time_answer(assistant, question), plain(question)
        pairs.append((ours, theirs))
        done()
    return Answering(
        questions=len(pairs),
        first=quartiles([ours.first for ours, _ in pairs]),
        whole=quartiles([ours.whole for ours, _ in pairs]),
        plain_first=quartiles([theirs.first for _, theirs in pairs]),
        plain_whole=quartiles([theirs.whole for _, theirs in pairs]),
        first_ratio=quartiles([theirs.first / ours.first for ours, theirs in pairs]),
        whole_ratio=quartiles([theirs.whole / ours.whole for ours, theirs in pairs]),
        ours=tuple(ours for ours, _ in pairs),
        theirs=tuple(theirs for _, theirs in pairs),
    )


def time_answer(assistant: Assistant, question: str) -> Times:
    """Return how long an answer took; where nothing was generated, the refusal is the first thing to be read."""
    began = time.perf_counter()
    answer = assistant.ask(question)
    whole = time.perf_counter() - began
    return Times(answer.timings_ms.first_token / 1000 or whole, whole)
