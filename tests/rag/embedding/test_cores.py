from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import torch

from rag.embedding.cores import Cores


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> Cores:
    monkeypatch.setattr(torch, "get_num_threads", lambda: 2)
    cores = Cores()
    monkeypatch.undo()
    return cores


def test_results_come_in_the_order_of_the_items(two_cores: Cores) -> None:
    assert list(two_cores.each(lambda item: item * 2, [3, 1, 2, 5, 4])) == [6, 2, 4, 10, 8]
    assert list(two_cores.each(lambda item: item, list[int]())) == []


def test_two_items_are_worked_on_at_once_each_with_one_thread_of_torch(two_cores: Cores) -> None:
    both = threading.Barrier(2, timeout=10)

    def meet(_: int) -> int:
        both.wait()
        return torch.get_num_threads()

    assert list(two_cores.each(meet, range(4))) == [1, 1, 1, 1]


def test_other_threads_keep_the_number_they_had(two_cores: Cores) -> None:
    list(two_cores.each(lambda item: item, range(4)))
    seen: list[int] = []
    later = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
    later.start()
    later.join()
    assert [*seen, torch.get_num_threads()] == [2, 2]


def test_few_items_are_taken_before_their_turn(two_cores: Cores) -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(20):
            taken.append(item)
            yield item

    next(two_cores.each(lambda item: item, items()))
    assert len(taken) == 3


def test_what_fails_is_raised_to_the_caller(two_cores: Cores) -> None:
    def fail(_: int) -> None:
        raise ValueError("failed")

    with pytest.raises(ValueError, match="failed"):
        list(two_cores.each(fail, [1]))
