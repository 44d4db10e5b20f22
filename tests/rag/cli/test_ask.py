"""``pincite ask`` as a program would call it, with the real models."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


def ask(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rag", "ask", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, timeout=300)


@pytest.mark.models
def test_the_answer_as_json_is_the_contract() -> None:
    result = ask("苹果在大中华区的收入下降了多少？", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    assert (answer["status"], answer["language"]) == ("answered", "zh")
    assert "11.1%" in answer["text"]
    for sentence in answer["sentences"]:
        assert answer["text"][sentence["start"] : sentence["end"]] == sentence["text"]
        assert sentence["verdict"] in ("supported", "partial", "unsupported")
    for citation in answer["citations"]:
        assert f"[{citation['marker']}]" in answer["text"]
        assert citation["end"] - citation["start"] == len(citation["quote"])
        assert len(citation["document"]["version"]) == 64
    assert set(answer["timings_ms"]) == {"rewrite", "retrieve", "first_token", "total"}
    assert answer["usage"]["prompt_tokens"] > 0


@pytest.mark.models
def test_a_question_that_cannot_be_taken_is_one_line() -> None:
    result = ask("？！")
    assert result.returncode == 1
    assert "The question is empty." in result.stderr
    assert "Traceback" not in result.stderr


def test_a_filter_that_is_none_is_one_line() -> None:
    result = ask("Why?", "--where", "topic")
    assert result.returncode == 1
    assert "KEY=VALUE" in result.stderr
