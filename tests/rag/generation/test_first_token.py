from __future__ import annotations

import math

import pytest

from rag.generation.first_token import sum_spellings


def test_spellings_add_up() -> None:
    reported = [("Yes", math.log(0.5)), (" yes", math.log(0.25)), ("No", math.log(0.125)), ("yesterday", math.log(0.1))]
    logprobs = sum_spellings(reported, ["yes", "no", "是"])
    assert logprobs["yes"] == pytest.approx(math.log(0.75))
    assert logprobs["no"] == pytest.approx(math.log(0.125))
    assert logprobs["是"] == pytest.approx(math.log(0.1))


def test_rounding_never_gives_a_probability_above_one() -> None:
    assert sum_spellings([("a", 0.0), ("A", math.log(1e-9))], ["a"])["a"] == 0.0


def test_nothing_reported_is_impossible() -> None:
    assert sum_spellings([], ["a"])["a"] == -math.inf
