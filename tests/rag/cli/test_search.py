from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

import rag
from rag import load_settings
from rag.cli.main import app
from rag.cli.search import excerpt, hits_view
from rag.curating.curator import curate
from rag.domain import Hit, Passage
from rag.embedding.base import Embedder


@pytest.fixture
def indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bag_embedder: Embedder) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rag, "open_embedder", lambda _: bag_embedder)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text("---\ntopic: ai\n---\n# The [b]Deal[/b]\n\nApple chose [red]Alibaba.\n")
    (tmp_path / "corpus" / "b.md").write_text("# Sales\n\nHuawei's sales rose by 42%.\n")
    curate(load_settings(), open_embedder=lambda _: bag_embedder)
    return tmp_path


def test_hits_are_shown_best_first_and_nothing_in_them_is_markup(indexed: Path) -> None:
    result = CliRunner().invoke(app, ["search", "Why Alibaba?"])
    assert result.exit_code == 0, result.output
    assert "The [b]Deal[/b]" in result.output
    assert "[red]Alibaba" in result.output
    assert result.output.index("Alibaba") < result.output.index("Huawei")


def test_long_chinese_is_wrapped_and_never_cut(indexed: Path) -> None:
    text = "".join(chr(0x4E00 + n) for n in range(200))
    console = Console(width=60, file=StringIO(), record=True)
    console.print(hits_view("x", [Hit(Passage("p", "d", "题", 0, 200, text, "zh", ("题", "节")), 1.0)]))
    shown = console.export_text()
    assert "题 › 节" in shown
    assert text in "".join(character for character in shown if character in text)


def test_hits_as_json(indexed: Path) -> None:
    result = CliRunner().invoke(app, ["search", "Huawei sales", "-k", "1", "--json"])
    found = json.loads(result.stdout)
    assert [hit["passage"]["document_id"] for hit in found["hits"]] == ["b.md"]
    assert set(found["hits"][0]) == {"passage", "score", "dense", "lexical"}
    assert len(found["snapshot"]) == 64


def test_where_filters(indexed: Path) -> None:
    result = CliRunner().invoke(app, ["search", "sales", "--where", "topic=ai", "--json"])
    assert [hit["passage"]["document_id"] for hit in json.loads(result.stdout)["hits"]] == ["a.md"]
    assert "no passage has that metadata" in CliRunner().invoke(app, ["search", "x", "--where", "topic=none"]).output


@pytest.mark.parametrize(
    "arguments", [["search", "  "], ["search", "x", "--where", "topic"], ["search", "x", "-k", "0"]]
)
def test_what_cannot_be_searched_is_an_error(indexed: Path, arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code in (1, 2)


def test_without_an_index_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["search", "x"])
    assert result.exit_code == 1
    assert "pincite index" in result.output


def test_an_excerpt_shows_the_words_that_were_found() -> None:
    text = "filler " * 100 + "\nHuawei's sales rose. " + "more " * 100
    shown = excerpt(Passage("p", "d", "t", 0, len(text), text, "en"), frozenset({"huawei", "sale"}))
    assert shown.plain.startswith("…")
    assert shown.plain.endswith("…")
    assert [shown.plain[span.start : span.end] for span in shown.spans if span.style] == ["Huawei's", "sales"]
    assert "\n" not in shown.plain
