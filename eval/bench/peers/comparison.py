"""Ours beside a peer, question by question, as figures and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.bench.peers.job import Reply
from eval.bench.plain_model import Times
from eval.bench.spread import Spread, quartiles

_COLUMNS = (
    *("peer", "questions", "prompt tokens"),
    *("first token s, theirs", "first token s, ours", "first token, times sooner"),
    *("whole answer s, theirs", "whole answer s, ours", "whole answer, times sooner"),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Seconds of ``questions`` questions, theirs and ours, and how many times sooner ours is, question by question."""

    peer: str
    questions: int
    prompt_tokens: Spread
    first: Spread
    our_first: Spread
    first_ratio: Spread
    whole: Spread
    our_whole: Spread
    whole_ratio: Spread


def compare(peer: str, replies: Sequence[Reply], ours: Sequence[Times]) -> Comparison:
    """Hold the replies of ``peer`` against our times for the same questions, in the same order."""
    pairs = list(zip(replies, ours, strict=True))
    return Comparison(
        peer=peer,
        questions=len(pairs),
        prompt_tokens=quartiles([theirs.prompt_tokens for theirs in replies]),
        first=quartiles([theirs.first_token_s for theirs in replies]),
        our_first=quartiles([own.first for own in ours]),
        first_ratio=quartiles([theirs.first_token_s / own.first for theirs, own in pairs]),
        whole=quartiles([theirs.whole_s for theirs in replies]),
        our_whole=quartiles([own.whole for own in ours]),
        whole_ratio=quartiles([theirs.whole_s / own.whole for theirs, own in pairs]),
    )


def as_markdown(comparisons: Sequence[Comparison]) -> str:
    """Return the figures as a Markdown table: medians over the questions, with the quartiles."""
    lines = ["| " + " | ".join(_COLUMNS) + " |", "|---" * len(_COLUMNS) + "|"]
    return "\n".join([*lines, *(_row(comparison) for comparison in comparisons)])


def _row(found: Comparison) -> str:
    first = (found.first, found.our_first, found.first_ratio)
    whole = (found.whole, found.our_whole, found.whole_ratio)
    cells = (found.peer, found.questions, f"{found.prompt_tokens.median:.0f}", *first, *whole)
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
