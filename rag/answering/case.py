"""A question on its way through the ask flow."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from rag.answering.questions import Inquiry
from rag.domain import Hit, Timings, Usage


@dataclass
class Stopwatch:
    """Milliseconds since the question came, noted once for each step."""

    started: float = field(default_factory=time.perf_counter)
    marks: dict[str, int] = field(default_factory=dict)

    def mark(self, step: str) -> None:
        """Note the time of ``step``, unless it has been noted."""
        self.marks.setdefault(step, round(1000 * (time.perf_counter() - self.started)))

    def timings(self) -> Timings:
        """Return what was noted; the total is now."""
        self.mark("total")
        return Timings(**self.marks)


@dataclass
class Case:
    """A question and what came of it so far."""

    inquiry: Inquiry
    standalone: str
    hits: list[Hit]
    usage: Usage
    watch: Stopwatch
