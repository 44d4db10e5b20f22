from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.bench import benches
from eval.bench.benches import Benches, Result
from eval.bench.searching import Searching
from eval.bench.spread import spread
from eval.suites import Suite
from rag.domain import Answer, Usage
from rag.settings import Settings


class _Assistant:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def ask(self, question: str) -> Answer:
        return self._answer


def test_concurrency_names_the_machine_and_writes_its_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Answer]
) -> None:
    slots = []

    @contextmanager
    def opened(suite: Suite, settings: Settings) -> Iterator[_Assistant]:
        slots.append(settings.generation.parallel_slots)
        yield _Assistant(replace(answer(), usage=Usage(100, 0, 10)))

    monkeypatch.setattr(benches, "opened", opened)
    out = tmp_path / "bench.json"
    arguments = ["bench", "concurrency", "--chats", "4", "--runs", "2", "--json", str(out)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert slots == [4]
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["concurrency"]["chats"] == 4
    assert found["machine"] in result.output
    assert "| concurrency | 4 at once, times the tokens a second |" in result.output


def test_all_measures_everything_once_into_one_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []
    one = spread([1.0])

    def standing_in(name: str) -> Callable[..., Result]:
        def measure(*_: object, **__: object) -> Result:
            measured.append(name)
            return Searching(len(measured), one, one, one, one)

        return measure

    names = ["embed", "curate", "search", "scale", "start", "answer", "decode", "chats"]
    for name in names:
        monkeypatch.setattr(Benches, name, standing_in(name))
    result = CliRunner().invoke(app, ["bench", "all", "--json", str(tmp_path / "all.json")])
    assert result.exit_code == 0, result.output
    assert measured == names
    assert result.output.count("| search | times faster at the median | 1.00 [1.00, 1.00] | at least 5 | missed |") == 8
    assert json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["searching"]["passages"] == 8


@pytest.mark.models
def test_ingest_search_and_start_are_measured_on_the_real_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_INDEX_DIR", str(tmp_path / "index"))
    for arguments in (
        ["ingest", "--texts", "100", "--documents", "100", "--runs", "1"],
        ["search", "--passages", "100", "--runs", "1"],
        ["scale", "--largest", "10000", "--runs", "1"],
        ["start", "--passages", "100", "--runs", "1"],
    ):
        out = tmp_path / "figures.json"
        result = CliRunner().invoke(app, ["bench", *arguments, "--json", str(out)])
        assert result.exit_code == 0, result.output
        figures = json.loads(out.read_text(encoding="utf-8"))
        assert figures["machine"] in result.output
    assert figures["starting"]["ready"]["median"] > 0
