from __future__ import annotations

import threading

import pytest

from rag.embedding.turns import Turns


def test_hurried_callers_go_one_at_a_time() -> None:
    turns, order = Turns(), list[str]()

    def take() -> None:
        with turns.hurried():
            order.append("second")

    with turns.hurried():
        other = threading.Thread(target=take)
        other.start()
        other.join(0.05)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]


def test_a_patient_caller_waits_for_a_hurried_one_and_not_for_patient_ones() -> None:
    turns, begun = Turns(), threading.Event()

    def begin() -> None:
        turns.give_way()
        begun.set()

    with turns.hurried():
        patient = threading.Thread(target=begin)
        patient.start()
        assert not begun.wait(0.05)
    assert begun.wait(10)
    patient.join(10)
    turns.give_way()


def test_a_turn_ends_also_where_it_fails() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="failed"), turns.hurried():
        raise ValueError("failed")
    turns.give_way()
