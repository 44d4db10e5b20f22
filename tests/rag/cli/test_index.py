from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

import rag
from rag.cli.main import app
from rag.curating.curator import curate
from rag.embedding.base import Embedder


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bag_embedder: Embedder) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rag, "curate", partial(curate, open_embedder=lambda _: bag_embedder))
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("# A\n\nApple chose Alibaba.\n")
    (tmp_path / "corpus" / "[red]b.pdf").write_text("no pdf")
    return tmp_path / "corpus"


def test_the_summary_says_what_was_indexed_and_what_was_not(corpus: Path) -> None:
    result = CliRunner().invoke(app, ["index"])
    assert result.exit_code == 0, result.output
    for said in ("Indexed 1 documents, 1 passages", "markdown 1", "en 1", "1 added", "[red]b.pdf"):
        assert said in result.output


def test_a_second_run_says_that_nothing_changed(corpus: Path) -> None:
    CliRunner().invoke(app, ["index"])
    result = CliRunner().invoke(app, ["index"])
    assert "The index is up to date: 1 documents" in result.output
    assert "added" not in result.output


def test_the_report_as_json(corpus: Path) -> None:
    result = CliRunner().invoke(app, ["index", "--json"])
    report = json.loads(result.stdout)
    assert (report["new"], report["documents"], report["changes"]["added"]) == (True, 1, 1)
    assert [file["path"] for file in report["skipped"]] == ["[red]b.pdf"]


def test_strict_fails_and_names_the_file(corpus: Path) -> None:
    result = CliRunner().invoke(app, ["index", "--strict"])
    assert result.exit_code == 1
    assert "[red]b.pdf" in result.output
    assert not (corpus.parent / ".pincite" / "index" / "CURRENT").exists()
