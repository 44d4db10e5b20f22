from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag.cli import doctor
from rag.cli.checks.finding import Finding
from rag.cli.main import app
from rag.settings import Settings

RUN = CliRunner()
GOOD = Finding("memory", "ok", "plenty")
SO_SO = Finding("disk", "warning", "little [bold]space[/bold]", "Free some space.")
BAD = Finding("index", "error", "There is none.", "Run `pincite index`.")


def pretend(findings: Sequence[Finding], monkeypatch: pytest.MonkeyPatch) -> None:
    def look(_: Settings) -> Iterator[Finding]:
        yield from findings

    monkeypatch.setattr(doctor, "_findings", look)


def test_a_red_line_says_what_to_do_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend([GOOD, BAD], monkeypatch)
    result = RUN.invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert "✓ memory" in result.output
    assert "✗ index" in result.output
    assert "→ Run `pincite index`." in result.output


def test_warnings_do_not_fail_and_nothing_is_taken_for_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend([GOOD, SO_SO], monkeypatch)
    result = RUN.invoke(app, ["doctor"])
    assert result.exit_code == 0
    assert "little [bold]space[/bold]" in result.output


def test_json(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend([GOOD, BAD], monkeypatch)
    result = RUN.invoke(app, ["doctor", "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)[1] == {
        "check": "index",
        "level": "error",
        "detail": "There is none.",
        "remedy": "Run `pincite index`.",
    }


@pytest.mark.models
def test_the_real_thing_tries_the_models_and_misses_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_INDEX_DIR", str(tmp_path))
    result = RUN.invoke(app, ["doctor", "--json"])
    levels = {row["check"]: row["level"] for row in json.loads(result.stdout)}
    assert levels["generator"] == levels["generator test"] == "ok"
    assert levels["embedder"] == levels["embedder test"] == "ok"
    assert levels["index"] == "error"
    assert result.exit_code == 1
