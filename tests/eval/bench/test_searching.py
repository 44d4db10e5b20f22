from __future__ import annotations

import time
from collections.abc import Callable

from eval.bench.searching import measure


def _taking(seconds: float, asked: list[str]) -> Callable[[str], object]:
    def search(question: str) -> None:
        asked.append(question)
        time.sleep(seconds)

    return search


def test_both_are_asked_everything_by_turns_and_compared_at_the_median() -> None:
    ours: list[str] = []
    plain: list[str] = []
    rounds: list[int] = []
    searches = {"plain": _taking(0.02, plain), "ours": _taking(0.002, ours)}
    result = measure(searches, ["a", "b"], 1000, 2, lambda: rounds.append(1))
    assert ours == plain == ["a", "b"] * 3
    assert len(rounds) == 3
    assert 2 < result.p50.median <= result.p99.median < 20 <= result.plain_p50.median
    assert 3 < result.ratio.median < 11
    assert "1,000 passages" in result.rows()[0].what
