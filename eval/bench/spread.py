"""What several runs of the same measurement tell together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of ``n`` runs, with the least and the greatest."""

    median: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.low:.2f}, {self.high:.2f}]"


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of ``values``, of which there is at least one."""
    return Spread(median(values), min(values), max(values), len(values))
