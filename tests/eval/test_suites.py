from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eval.suites import CorpusRow, Suite, load_calibration_pairs, load_own_pairs, load_suite
from rag.domain import Message
from rag.errors import PinciteError


def _suite(folder: Path, queries: list[dict[str, object]]) -> Path:
    (folder / "corpus.jsonl").write_text('{"id": "d", "text": "x\\u2028y"}\n', encoding="utf-8")
    lines = "\n".join(json.dumps(query, ensure_ascii=False) for query in queries)
    (folder / "queries.jsonl").write_text(lines, encoding="utf-8")
    return folder


def test_missing_keys_take_their_empty_value(tmp_path: Path) -> None:
    suite = load_suite(
        _suite(tmp_path, [{"id": "q", "question": "Who?"}, {"id": "p", "question": "?", "relevant": ["d"]}])
    )
    bare, relevant = suite.queries
    assert suite.name == tmp_path.name
    assert (bare.language, bare.answerable, bare.answers, bare.history) == ("en", False, (), ())
    assert relevant.answerable
    assert list(suite.corpus()) == [CorpusRow("d", "", "x\u2028y")]


def test_all_keys_are_taken(tmp_path: Path) -> None:
    row = {
        "id": "q",
        "question": "那华为呢？\u2028",
        "lang": "zh",
        "type": "follow_up",
        "answerable": True,
        "relevant": ["d"],
        "answers": ["42%"],
        "answer_groups": [["a", "b"], []],
        "answer_alternatives": [["c"]],
        "fake_answers": ["f"],
        "context": ["e"],
        "hard_negatives": ["n"],
        "evidence_sentences": [["One .", "Two ."], ["Three ."]],
        "history": [{"role": "user", "text": "hi"}, {"role": "assistant", "text": "yes"}],
        "unknown": 1,
    }
    (query,) = load_suite(_suite(tmp_path, [row])).queries
    assert query.history == (Message("user", "hi"), Message("assistant", "yes"))
    assert query.answer_groups == (("a", "b"),)
    assert query.answer_alternatives == (("c",),)
    assert (query.fake_answers, query.context, query.hard_negatives) == (("f",), ("e",), ("n",))
    assert query.evidence_sentences == (("One .", "Two ."), ("Three .",))
    assert (query.language, query.type, query.question) == ("zh", "follow_up", "那华为呢？\u2028")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{broken", r"queries\.jsonl:1 is not valid JSON"),
        ("[]", "is not a JSON object"),
        ('{"question": "?"}', 'no "id"'),
        ('{"id": "q"}', 'no "question"'),
        ('{"id": "q", "question": "?", "history": [{"text": "x"}]}', "known role"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, line: str, words: str) -> None:
    _suite(tmp_path, [])
    (tmp_path / "queries.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(PinciteError, match=words):
        load_suite(tmp_path)


def test_rows_with_an_empty_question_are_left_out_and_named(tmp_path: Path) -> None:
    suite = load_suite(_suite(tmp_path, [{"id": "a", "question": "?"}, {"id": "b", "question": " "}]))
    assert [query.id for query in suite.queries] == ["a"]
    assert suite.left_out == ("b",)


def test_two_queries_of_one_id(tmp_path: Path) -> None:
    with pytest.raises(PinciteError, match="the id q"):
        load_suite(_suite(tmp_path, [{"id": "q", "question": "?"}] * 2))


def test_no_suite(tmp_path: Path) -> None:
    with pytest.raises(PinciteError, match=r"corpus\.jsonl"):
        load_suite(tmp_path)
    with pytest.raises(PinciteError, match="No questions"):
        load_own_pairs(tmp_path)


@pytest.mark.parametrize(("load", "name"), [(load_own_pairs, "own"), (load_calibration_pairs, "own-calibration")])
def test_pairs_are_merged(load: Callable[[Path], Suite], name: str, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"id": "2", "question": "?"}\n', encoding="utf-8")
    (tmp_path / "a.jsonl").write_text('{"id": "1", "question": "?"}\n\n', encoding="utf-8")
    suite = load(tmp_path)
    assert [query.id for query in suite.queries] == ["1", "2"]
    assert (suite.name, suite.folder, list(suite.corpus())) == (name, None, [])
    assert {query.suite for query in suite.queries} == {name}
