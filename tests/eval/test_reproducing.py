from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eval import evaluation
from eval.reproducing import Plan, PlannedRun, Reproduction, load_plan
from eval.suites import Suite
from rag.domain import Hit, Message
from rag.errors import ConfigurationError
from rag.settings import Settings, load_settings


class _Assistant:
    def __init__(self, hit: Hit) -> None:
        self._hit = hit

    def retrieve(
        self, question: str, history: tuple[Message, ...] = (), *, k: int | None = None
    ) -> tuple[str, list[Hit]]:
        return question, [self._hit]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, hit: Callable[[str], Hit]) -> list[Suite]:
    seen: list[Suite] = []

    @contextmanager
    def opened(suite: Suite, settings: Settings, *, replay: bool = False) -> Iterator[_Assistant]:
        seen.append(suite)
        yield _Assistant(hit("a"))

    monkeypatch.setattr(evaluation, "opened", opened)
    return seen


def write_set(folder: Path, name: str, document: str) -> None:
    (folder / name).mkdir(parents=True)
    row = {"id": document, "title": "", "text": "Some text.", "lang": "en"}
    (folder / name / "corpus.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    query = {"id": f"q-{document}", "question": "What?", "lang": "en", "relevant": [document], "answers": ["text"]}
    (folder / name / "queries.jsonl").write_text(json.dumps(query), encoding="utf-8")


def test_sets_are_put_together_and_kept_runs_are_not_run_again(tmp_path: Path, asked: list[Suite]) -> None:
    write_set(tmp_path / "sets", "one", "a")
    write_set(tmp_path / "sets", "other", "b")
    plan = Plan(
        runs=[
            PlannedRun(stage="retrieval", sets=["one"], goals={"recall@5": 0.9}, others={"ndcg@10": "theirs .8"}),
            PlannedRun(stage="retrieval", sets=["one", "other"], goals={"recall@5": 0.9}),
        ]
    )
    reproduction = Reproduction(tmp_path / "sets", tmp_path / "out", load_settings())
    lines = reproduction.table(plan).split("\n")
    assert lines[2:] == [
        "| retrieval | one | recall@5 | 1.000 [1.000, 1.000] (1) | 0.9 | ✓ |  |",
        "| retrieval | one | ndcg@10 | 1.000 [1.000, 1.000] (1) |  |  | theirs .8 |",
        "| retrieval | one+other | recall@5 | 0.500 [0.000, 1.000] (2) | 0.9 | ✗ |  |",
    ]
    assert [[row.id for row in suite.corpus()] for suite in asked] == [["a"], ["a", "b"]]
    assert reproduction.table(plan).split("\n") == lines
    assert len(asked) == 2


def test_fewer_false_refusals_are_better(tmp_path: Path) -> None:
    estimate = {"low": 0.0, "high": 0.2, "n": 9}
    kept = {"false_refusal_rate": {"value": 0.1, **estimate}, "refusal_recall": {"value": 0.1, **estimate}}
    tmp_path.joinpath("answer-one.json").write_text(json.dumps(kept), encoding="utf-8")
    goals = {"false_refusal_rate": 0.12, "refusal_recall": 0.8, "rouge_l": 0.3}
    plan = Plan(runs=[PlannedRun(stage="answer", sets=["one"], goals=goals)])
    table = Reproduction(tmp_path, tmp_path, load_settings()).table(plan)
    assert [line.split(" | ")[5] for line in table.split("\n")[2:]] == ["✓", "✗", "✗"]


def test_the_projects_plan() -> None:
    stages = {planned.stage for planned in load_plan().runs}
    assert stages == {"retrieval", "reader", "answer", "support", "faithfulness"}


@pytest.mark.parametrize("content", ["runs", "[[runs]]\nstage = 'guess'\nsets = ['a']", "[[runs]]\nstage = 'answer'"])
def test_a_bad_plan_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"plan\.toml"):
        load_plan(path)
