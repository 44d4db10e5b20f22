from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import server.cli.main  # noqa: F401 - adds the commands of the server
from eval.suites import load_own_pairs
from rag.cli.main import app
from server.store.base import NewFeedback
from server.store.database import open_database
from tests.server.answers import answer_of, citation_of

pytestmark = pytest.mark.usefixtures("_complaints")


@pytest.fixture
def _complaints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two complaints about a citation."""
    url = f"sqlite:///{tmp_path / 'pincite.db'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINCITE_SERVER__DATABASE_URL", url)
    database = open_database(url)
    database.migrate()
    for question in ("Why did Apple choose Alibaba?", "苹果为什么选择阿里巴巴？"):
        answer = answer_of(("It did.", "supported", [1]), citations=[citation_of()], question=question)
        database.answers.save("owner", answer)
        database.feedback.add("owner", NewFeedback(answer.id, "down", "citation", 1, "wrong_citation"))
    database.close()


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["feedback", "export", *arguments])


def test_cases_are_printed_a_line_each() -> None:
    lines = _run().stdout.splitlines()
    assert [json.loads(line)["question"] for line in lines] == [
        "Why did Apple choose Alibaba?",
        "苹果为什么选择阿里巴巴？",
    ]


def test_cases_are_printed_as_one_array() -> None:
    assert len(json.loads(_run("--json").stdout)) == 2


def test_a_file_of_cases_is_read_by_the_evaluation(tmp_path: Path) -> None:
    (tmp_path / "qa").mkdir()
    written = _run("--out", "qa/complaints.jsonl")
    assert "2 cases" in written.stdout
    assert len(load_own_pairs(tmp_path / "qa").queries) == 2


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "en.jsonl").write_text("precious")
    refused = _run("--out", "en.jsonl")
    assert refused.exit_code == 1
    assert "en.jsonl cannot be written" in refused.stderr
    assert (tmp_path / "en.jsonl").read_text() == "precious"
