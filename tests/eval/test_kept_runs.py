from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.kept_runs import read_run
from eval.metrics.samples import Share
from rag.errors import PinciteError

_QUESTION = {"suite": "set", "id": "1", "question": "?", "metrics": {"sentence_support": [1, 2]}}


def test_questions_by_suite_and_id(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps({"run": {}, "sentence_support": {}, "questions": [_QUESTION]}))
    run = read_run(path)
    assert "sentence_support" in run.names
    question = run.questions["set", "1"]
    assert question.sample("sentence_support") == Share(1, 2)
    assert question.sample("recall@5") is None


@pytest.mark.parametrize(
    "content",
    ["", "[]", "3", "{}", '{"machine": "m"}', '{"recall@5": {"value": 1, "low": 1, "high": 1, "n": 1}}'],
)
def test_no_results_of_a_run(tmp_path: Path, content: str) -> None:
    path = tmp_path / "out.json"
    path.write_text(content)
    with pytest.raises(PinciteError, match="holds no results of a run"):
        read_run(path)


def test_no_text(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_bytes(b"\xff\xfe")
    for missing in (path, tmp_path, tmp_path / "missing.json"):
        with pytest.raises(PinciteError, match="holds no results of a run"):
            read_run(missing)


def test_written_before_questions_were_kept(tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_text('{"run": {}, "slices": {}}')
    with pytest.raises(PinciteError, match="before questions were kept") as raised:
        read_run(path)
    assert raised.value.remedy == "Run it again with --json."


@pytest.mark.parametrize(
    "questions",
    [
        {},
        ["1"],
        [{**_QUESTION, "id": None}],
        [{**_QUESTION, "metrics": {"recall@5": [1]}}],
        [{**_QUESTION, "metrics": {"recall@5": [1, -1]}}],
        [{**_QUESTION, "metrics": {"recall@5": [float("nan"), 1]}}],
    ],
)
def test_questions_of_another_form(tmp_path: Path, questions: object) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps({"run": {}, "questions": questions}))
    with pytest.raises(PinciteError, match="questions of another form") as raised:
        read_run(path)
    assert "\n" not in str(raised.value)


def test_two_questions_of_one_suite_and_id(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps({"run": {}, "questions": [_QUESTION, _QUESTION]}))
    with pytest.raises(PinciteError, match="two questions of one suite and id"):
        read_run(path)
