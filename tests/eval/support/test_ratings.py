from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.suites import Query, Suite, load_suite
from eval.support.checker import Checker, Cited, source_document
from eval.support.ratings import Rating, Supported, correlations, load_ratings, support_of, with_sources
from rag.errors import PinciteError

_ROW: dict[str, object] = {"task_id": "t", "model": "m", "response": "It rose.", "faithfulness": [4, 3, 3]}


def _written(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "ratings.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text('{"id": "a", "text": "Rain fell."}\n{"id": "b", "text": "Snow fell."}')
    queries = [
        {"id": "read", "question": "?", "context": ["a"], "relevant": ["b"]},
        {"id": "relevant", "question": "?", "relevant": ["b"]},
        {"id": "none", "question": "?", "answerable": False},
    ]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)))
    return load_suite(folder)


def _rated(task: str, response: str = "Rain fell.") -> Rating:
    return Rating(task, "m", response, 4.0)


def test_marks_are_averaged(tmp_path: Path) -> None:
    assert load_ratings(_written(tmp_path, _ROW)) == [Rating("t", "m", "It rose.", 10 / 3)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"faithfulness": []}, "no marks"),
        ({"faithfulness": None}, "no marks"),
        ({"faithfulness": ["good"]}, "no marks"),
        ({"response": " "}, 'no "response"'),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, change: dict[str, object], words: str) -> None:
    with pytest.raises(PinciteError, match=rf"ratings\.jsonl:1 .*{words}"):
        load_ratings(_written(tmp_path, _ROW | change))


def test_only_tasks_with_documents_are_taken(suite: Suite) -> None:
    ratings = [_rated("read"), _rated("none"), _rated("elsewhere"), _rated("relevant")]
    assert [rating.task for rating, _ in with_sources(ratings, suite)] == ["read", "relevant"]
    with pytest.raises(PinciteError, match="No rated task"):
        with_sources([_rated("none")], suite)


def test_a_document_that_the_corpus_lacks_is_named(tmp_path: Path, suite: Suite) -> None:
    lost = Suite("set", suite.folder, (Query("read", "?", "en", "set", True, context=("x",)),))
    with pytest.raises(PinciteError, match="lacks x"):
        with_sources([_rated("read")], lost)


def test_responses_are_held_against_what_was_given_to_read(suite: Suite, checker_of: Callable[..., Checker]) -> None:
    checker = checker_of(*(source_document(row.id, row.text) for row in suite.corpus()))
    ratings = [_rated("read", "Rain fell. Bananas grow in Ecuador."), _rated("relevant", "Rain fell.")]
    first, second = support_of(checker, with_sources(ratings, suite))
    assert [sentence.verdict for sentence in first.cited.sentences] == ["supported", "unsupported"]
    assert first.support == pytest.approx(sum(sentence.support for sentence in first.cited.sentences) / 2)
    assert "Rain fell." not in second.cited.quotes


def test_correlation_of_all_and_of_each_model() -> None:
    def one(task: str, model: str, support: float, faithfulness: float) -> Supported:
        return Supported(task, model, faithfulness, support, Cited((), (), ()))

    supported = [one(str(i), "up", i / 10, float(i)) for i in range(8)]
    supported += [one(str(i), "down", i / 10, float(-i)) for i in range(5)]
    found = correlations(supported)
    assert list(found) == ["all", "down", "up"]
    assert found["up"].value == pytest.approx(1.0)
    assert found["down"].value == pytest.approx(-1.0)
    assert [estimate.n for estimate in found.values()] == [13, 5, 8]
    low, high = found["all"].low, found["all"].high
    assert low is not None
    assert high is not None
    assert -1 <= low < high <= 1
