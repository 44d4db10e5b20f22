"""What a metric takes from each record, before it is averaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Share:
    """One record's part in a ratio of sums; a mean is the ratio whose denominators are all 1."""

    numerator: float
    denominator: float = 1.0


# None where a record does not count for the metric.
Sample: TypeAlias = Share | None
