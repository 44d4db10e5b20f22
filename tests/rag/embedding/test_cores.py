from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from rag.embedding.cores import Cores


def test_results_come_in_the_order_of_the_items() -> None:
    assert list(Cores(2).each(lambda item: item * 2, [3, 1, 2, 5, 4])) == [6, 2, 4, 10, 8]
    assert list(Cores(2).each(lambda item: item, list[int]())) == []


def test_two_items_are_worked_on_at_once() -> None:
    both = threading.Barrier(2, timeout=10)
    assert len(list(Cores(2).each(lambda _: both.wait(), range(4)))) == 4


def test_few_items_are_taken_before_their_turn() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(20):
            taken.append(item)
            yield item

    next(Cores(2).each(lambda item: item, items()))
    assert len(taken) == 3


def test_what_fails_is_raised_to_the_caller() -> None:
    def fail(_: int) -> None:
        raise ValueError("failed")

    with pytest.raises(ValueError, match="failed"):
        list(Cores(2).each(fail, [1]))
