"""A measured figure beside the goal it has to reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from eval.bench.spread import Spread


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound that a median has to keep: ``at least`` or ``at most``."""

    bound: Literal["at least", "at most"]
    value: float

    def is_reached_by(self, median: float) -> bool:
        """Tell whether ``median`` keeps the bound."""
        return median >= self.value if self.bound == "at least" else median <= self.value

    def __str__(self) -> str:
        return f"{self.bound} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, of which measurement, and what it should be, if anything."""

    bench: str
    what: str
    value: Spread
    goal: Goal | None = None

    @property
    def reached(self) -> bool | None:
        """Whether the median reaches the goal; None without one."""
        return self.goal.is_reached_by(self.value.median) if self.goal else None


def at_least(value: float) -> Goal:
    """Return a goal that is a lower bound."""
    return Goal("at least", value)


def at_most(value: float) -> Goal:
    """Return a goal that is an upper bound."""
    return Goal("at most", value)


_MARKS = {True: "reached", False: "missed", None: ""}


def as_markdown(rows: Sequence[Row]) -> str:
    """Return a Markdown table of ``rows``: medians with those on either side, goals, and whether they are reached."""
    lines = ["| bench | measure | median [low, high] | goal | |", "|---|---|---|---|---|"]
    lines += [f"| {row.bench} | {row.what} | {row.value} | {row.goal or ''} | {_MARKS[row.reached]} |" for row in rows]
    return "\n".join(lines)
