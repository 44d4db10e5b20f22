from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
from typer.testing import CliRunner

import rag
from rag.cli.main import app
from rag.curating.curator import curate
from rag.embedding.base import Embedder
from rag.generation.prompting import PromptName


@pytest.fixture
def indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bag_embedder: Embedder) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rag, "curate", partial(curate, open_embedder=lambda _: bag_embedder))
    (tmp_path / "corpus").mkdir()
    for name, text in (("a", "Apple chose Alibaba."), ("b", "Huawei sold more phones."), ("c", "小米发布了手机。")):
        (tmp_path / "corpus" / f"{name}.md").write_text(f"# {name}\n\n{text}\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["index"]).exit_code == 0
    return tmp_path


@pytest.mark.models
def test_every_passage_is_read_once(indexed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_GENERATOR", "smollm2-135m-instruct-q4_1")
    for _ in range(2):
        result = CliRunner().invoke(app, ["warm"])
        assert (result.exit_code, result.stdout) == (0, "3 of 3 passages are read.\n"), result.output
        rules = 2 * len(get_args(PromptName))
        assert len(list((indexed / ".pincite" / "states").iterdir())) == 3 + rules
    monkeypatch.setenv("PINCITE_GENERATION__STATES_GIB", "0.005")
    assert json.loads(CliRunner().invoke(app, ["warm", "--json"]).stdout) == {"passages": 3, "read": 3}
    monkeypatch.setenv("PINCITE_GENERATION__PARALLEL_SLOTS", "3")  # which has states of its own
    assert json.loads(CliRunner().invoke(app, ["warm", "--json"]).stdout) == {"passages": 3, "read": 0}
    assert "no room for more (generation.states_gib)" in CliRunner().invoke(app, ["warm"]).stdout


@pytest.mark.parametrize("states_gib", ["0", "1"])
def test_where_nothing_is_kept_the_error_says_what_to_set(
    indexed: Path, monkeypatch: pytest.MonkeyPatch, scripted: Callable[..., Any], states_gib: str
) -> None:
    monkeypatch.setenv("PINCITE_GENERATION__STATES_GIB", states_gib)
    monkeypatch.setattr(rag, "open_generator", lambda _: scripted())
    result = CliRunner().invoke(app, ["warm"])
    assert result.exit_code == 1
    assert "generation.states_gib" in result.output
