from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval import evaluation
from eval.__main__ import app
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

    monkeypatch.setattr(evaluation, "opened", opened)
    out = tmp_path / "bench.json"
    arguments = ["bench", "concurrency", "--chats", "4", "--runs", "2", "--json", str(out)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert slots == [4]
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["concurrency"]["chats"] == 4
    assert found["machine"] in result.output
    assert "| ratio within a run |" in result.output
