from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from eval.misses import misses
from eval.records import Record
from eval.runner import Stage


def test_a_full_success_has_none(record: Callable[..., Record]) -> None:
    assert misses(record("Yes", found=("a",), cited=("a",)), Stage.ANSWER) == []
    assert misses(record(refused=True, answerable=False, relevant=()), Stage.ANSWER) == []


def test_each_kind_is_named(record: Callable[..., Record]) -> None:
    bad = record("No", found=("x",), cited=("a", "y"), verdicts=("supported", "partial"))
    assert misses(bad, Stage.ANSWER) == [
        "not among the first 5 documents: a",
        "wrong answer",
        "cites documents outside the relevant: y",
        "a sentence is not fully supported",
    ]
    assert misses(bad, Stage.RETRIEVAL) == ["not among the first 5 documents: a"]
    assert "wrong answer" in misses(bad, Stage.READER)[0]
    assert misses(record(refused=True), Stage.READER) == ["refused, though the corpus answers it"]
    assert misses(record(answerable=False), Stage.READER) == ["answered, though the corpus does not say"]
    assert misses(replace(bad, error="too long"), Stage.ANSWER) == ["turned away: too long"]
