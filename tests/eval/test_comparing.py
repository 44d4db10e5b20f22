from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from eval.comparing import Comparison, as_json, compare_runs, show
from eval.records import Record
from eval.report import Results, save
from eval.runner import Stage
from eval.scores import score
from eval.suites import Query
from rag.domain import Timings, Usage
from rag.errors import PinciteError

_MARKUP = "Is [bold]this[/] [/nothing] text?"

RecordMaker = Callable[..., Record]
Keep = Callable[[str, Sequence[Record]], Path]


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    def write(name: str, records: Sequence[Record]) -> Path:
        path = tmp_path / f"{name}.json"
        save(Results({}, Stage.ANSWER, records, score(records, Stage.ANSWER)), path, None)
        return path

    return write


def _query(name: str, *, answerable: bool = True, question: str = _MARKUP) -> Query:
    return Query(name, question, "en", "set", answerable, "single", ("a",) if answerable else (), ("Yes",))


def _costing(record: Record, seconds: float, *, cached: int = 0) -> Record:
    assert record.answer
    usage = Usage(prompt_tokens=int(100 * seconds), cached_tokens=cached)
    return replace(record, answer=replace(record.answer, timings_ms=Timings(total=int(1000 * seconds)), usage=usage))


@pytest.fixture
def some_run(record: RecordMaker) -> Callable[[int], list[Record]]:
    """Thirty records of all kinds, by a seed."""

    def make(seed: int) -> list[Record]:
        chance = random.Random(seed)
        kinds = (
            {"text": "Yes", "cited": ("a",), "found": ("a",)},
            {"text": "No", "cited": ("a", "b"), "found": ("b", "a"), "verdicts": ("supported", "unsupported")},
            {"text": "No", "found": ("b",), "refused": True},
        )
        queries = [_query(str(i), answerable=i % 3 > 0) for i in range(30)]
        records = [record(**chance.choice(kinds), query=query) for query in queries]
        return [_costing(one, chance.randint(1, 9)) for one in records]

    return make


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_with_itself_has_no_difference(seed: int, keep: Keep, some_run: Callable[[int], list[Record]]) -> None:
    path = keep("a", some_run(seed))
    same = compare_runs(path, path)
    assert {"recall@5", "answer_accuracy", "citation_precision", "answer_s", "prompt_tokens"} <= set(same.metrics)
    for change in same.metrics.values():
        assert change.a == change.b
        assert (change.difference.value, change.difference.low, change.difference.high) == (0, 0, 0)
    assert (same.answer_s_ratio.value, same.answer_s_ratio.low, same.answer_s_ratio.high) == (1, 1, 1)
    assert (same.questions, same.only_a, same.only_b, same.reworded) == (30, 0, 0, 0)
    assert same.gained == same.lost == ()


@pytest.mark.parametrize("seed", [1, 2])
def test_swapped_runs_mirror_each_other(seed: int, keep: Keep, some_run: Callable[[int], list[Record]]) -> None:
    a, b = keep("a", some_run(seed)), keep("b", some_run(seed + 10)[::-1])
    there, back = compare_runs(a, b), compare_runs(b, a)
    assert set(there.metrics) == set(back.metrics)
    for name, change in there.metrics.items():
        one, other = change.difference, back.metrics[name].difference
        assert (change.a, change.b) == (back.metrics[name].b, back.metrics[name].a)
        assert None not in (one.value, one.low, one.high, other.low)
        assert (one.value, one.low, one.high) == pytest.approx(
            (_minus(other.value), _minus(other.high), _minus(other.low))
        )
    assert there.gained
    assert (there.gained, there.lost) == (back.lost, back.gained)


@pytest.mark.parametrize("seed", [1, 2])
def test_interval_holds_the_difference(seed: int, keep: Keep, some_run: Callable[[int], list[Record]]) -> None:
    comparison = compare_runs(keep("a", some_run(seed)), keep("b", some_run(seed + 10)))
    for change in comparison.metrics.values():
        assert change.a is not None
        assert change.b is not None
        by = change.difference
        assert by.value == pytest.approx(change.b - change.a)
        assert _minus(by.low) >= _minus(by.value) >= _minus(by.high)


def _minus(value: float | None) -> float:
    assert value is not None
    return -value


def test_flips(record: RecordMaker, keep: Keep) -> None:
    asked = [_query(name, answerable=name != "none") for name in ("found", "lost", "refused", "none", "same")]
    before = [record("No"), record("Yes"), record("Yes"), record("Yes"), record("Yes")]
    after = [record("Yes"), record("No"), record(refused=True), record(refused=True), record("Yes, yes")]
    comparison = compare_runs(
        keep("a", [replace(one, query=query) for one, query in zip(before, asked, strict=True)]),
        keep("b", [replace(one, query=query) for one, query in zip(after, asked, strict=True)]),
    )
    assert [(flip.id, flip.metrics) for flip in comparison.gained] == [
        ("found", ("answer_accuracy",)),
        ("none", ("refusal_recall",)),
    ]
    assert [(flip.id, flip.metrics) for flip in comparison.lost] == [
        ("lost", ("answer_accuracy",)),
        ("refused", ("answer_accuracy", "false_refusal_rate")),
    ]
    assert (comparison.gained[0].suite, comparison.gained[0].question) == ("set", _MARKUP)


def test_precision_is_over_what_either_run_did(record: RecordMaker, keep: Keep) -> None:
    asked = [_query("1"), _query("2"), _query("3")]
    before = [record(query=asked[0], cited=("a",)), *(record(query=query) for query in asked[1:])]
    after = [record(query=asked[0]), record(query=asked[1], cited=("b",)), record(query=asked[2])]
    change = compare_runs(keep("a", before), keep("b", after)).metrics["citation_precision"]
    assert (change.a, change.b, change.difference.value, change.difference.n) == (1, 0, -1, 2)


def test_a_metric_of_one_run_only_has_no_difference(record: RecordMaker, keep: Keep) -> None:
    comparison = compare_runs(
        keep("a", [record(query=_query("1"))]), keep("b", [record(query=_query("1"), refused=True)])
    )
    change = comparison.metrics["refusal_precision"]
    assert (change.a, change.b, change.difference.value) == (None, 0, None)
    assert "refusal_recall" not in comparison.metrics
    assert "–" in _shown(comparison)


def test_costs_are_over_what_both_runs_timed(record: RecordMaker, keep: Keep) -> None:
    asked = [_query("1"), _query("2"), _query("3")]
    before = [_costing(record(query=query), 2) for query in asked]
    after = [
        *(_costing(record(query=query), 3) for query in asked[:2]),
        _costing(record(query=asked[2]), 9, cached=900),
    ]
    comparison = compare_runs(keep("a", before), keep("b", after))
    seconds, tokens = comparison.metrics["answer_s"], comparison.metrics["prompt_tokens"]
    assert (seconds.a, seconds.b, seconds.difference.value, seconds.difference.n) == (2, 3, 1, 2)
    assert (tokens.a, tokens.b, tokens.difference.n) == (200, 500, 3)
    assert (comparison.answer_s_ratio.value, comparison.answer_s_ratio.n) == (1.5, 2)
    assert "B over A: 1.500 [1.500, 1.500], 2 questions" in _shown(comparison)


def test_only_the_same_questions_are_compared(record: RecordMaker, keep: Keep) -> None:
    a = keep("a", [record(query=_query(name)) for name in ("1", "2", "3")])
    b = keep("b", [record("No", query=_query("2")), record("No", query=_query("3", question="Other?"))])
    comparison = compare_runs(a, b)
    assert (comparison.questions, comparison.only_a, comparison.only_b, comparison.reworded) == (1, 1, 0, 1)
    assert comparison.metrics["answer_accuracy"].difference.n == 1
    assert [flip.id for flip in comparison.lost] == ["2"]


def test_no_question_in_common(record: RecordMaker, keep: Keep) -> None:
    a, b = keep("a", [record(query=_query("1"))]), keep("b", [record(query=_query("2"))])
    with pytest.raises(PinciteError, match="no question in common"):
        compare_runs(a, b)


def test_questions_are_shown_as_they_are(record: RecordMaker, keep: Keep) -> None:
    a, b = keep("a", [record("No", query=_query("[b]"))]), keep("b", [record("Yes", query=_query("[b]"))])
    comparison = compare_runs(a, b)
    assert f"set/[b] (answer_accuracy): {_MARKUP}" in _shown(comparison)
    content = json.loads(as_json(comparison))
    assert content["gained"] == [{"suite": "set", "id": "[b]", "question": _MARKUP, "metrics": ["answer_accuracy"]}]
    assert content["metrics"]["answer_accuracy"] == {
        "a": 0.0,
        "b": 1.0,
        "difference": {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1},
    }


def _shown(comparison: Comparison) -> str:
    out = io.StringIO()
    show(comparison, Console(file=out, width=80))
    return out.getvalue()
