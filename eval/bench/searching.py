"""Our search, from the text of a question to fused hits, against a plain program's."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.bench.goals import Row, at_least, at_most
from eval.bench.spread import Spread, spread

_MS = 1000.0


@dataclass(frozen=True, slots=True)
class Searching:
    """Milliseconds a question over ``passages``: the median and the 99th percentile of each round."""

    passages: int
    p50: Spread
    p99: Spread
    plain_p50: Spread
    ratio: Spread

    def rows(self) -> list[Row]:
        """Return the lines of the table."""
        many = f"{self.passages:,} passages"
        return [
            Row("search", f"a plain program, {many}, p50, ms", self.plain_p50),
            Row("search", f"{many}, p50, ms", self.p50, at_most(12)),
            Row("search", f"{many}, p99, ms", self.p99, at_most(30)),
            Row("search", "times faster at the median", self.ratio, at_least(5)),
        ]


def measure(
    searches: Mapping[str, Callable[[str], object]],
    questions: Sequence[str],
    passages: int,
    runs: int,
    done: Callable[[], None] = lambda: None,
) -> Searching:
    """Put all ``questions`` to both searches, ``ours`` and ``plain``, by turns, ``runs`` times after one to warm up."""
    rounds: dict[str, list[list[float]]] = {"ours": [], "plain": []}
    # Millions of objects of the one would be gone through while the other is timed.
    gc.collect()
    gc.freeze()
    for _ in range(runs + 1):
        for name, search in searches.items():
            rounds[name].append([time_ms(search, question) for question in questions])
        done()
    mine, theirs = (rounds[name][1:] for name in ("ours", "plain"))
    return Searching(
        passages=passages,
        p50=spread([quantile(times, 0.5) for times in mine]),
        p99=spread([quantile(times, 0.99) for times in mine]),
        plain_p50=spread([quantile(times, 0.5) for times in theirs]),
        ratio=spread([quantile(b, 0.5) / quantile(a, 0.5) for a, b in zip(mine, theirs, strict=True)]),
    )


def time_ms(search: Callable[[str], object], question: str) -> float:
    """Return the milliseconds that ``search`` takes for ``question``."""
    began = time.perf_counter()
    search(question)
    return (time.perf_counter() - began) * _MS


def quantile(times: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of ``times`` stay under."""
    return float(np.quantile(times, share))
