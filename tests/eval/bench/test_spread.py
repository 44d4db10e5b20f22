from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from eval.bench.spread import quartiles, spread


def test_a_spread_says_its_median_between_its_ends() -> None:
    assert str(spread([3.0, 1.0, 2.0])) == "2.00 [1.00, 3.00]"


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_the_median_lies_between_the_least_and_the_greatest(values: list[float]) -> None:
    found = spread(values)
    assert found.low <= found.median <= found.high
    assert found.n == len(values)


def test_quartiles_lie_on_either_side() -> None:
    found = quartiles([5.0, 1.0, 3.0, 2.0, 4.0])
    assert (found.low, found.median, found.high) == (2.0, 3.0, 4.0)
