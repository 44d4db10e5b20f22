"""What several runs of the same measurement tell together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of ``n`` values, with those on either side: the least and the greatest, or the quartiles."""

    median: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.median:.2f} [{self.low:.2f}, {self.high:.2f}]"


def spread(values: Sequence[float]) -> Spread:
    """Return the spread of ``values``, of which there is at least one."""
    return Spread(median(values), min(values), max(values), len(values))


def quartiles(values: Sequence[float]) -> Spread:
    """Return the median and the quartiles of ``values``, of which there is at least one."""
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
    return Spread(float(middle), float(low), float(high), len(values))
