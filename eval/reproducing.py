"""The run behind ``reproduce``: every planned stage over every public set, kept as it goes, and one table of all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from eval.evaluation import evaluate, load_suites
from eval.markdown import cell
from eval.records import write_atomically
from eval.report import save
from eval.runner import Stage
from eval.suites import load_suite
from eval.support.claims import agreement
from eval.support.ratings import correlations, load_ratings
from eval.support.runs import judge_file, support_responses
from eval.toml_file import load_toml
from rag.settings import Settings

PLAN_FILE = Path(__file__).with_name("reproduce.toml")
_COLUMNS = ("stage", "set", "metric", "value", "goal", "", "others")
_LESS_IS_BETTER = {"false_refusal_rate"}


class PlannedRun(BaseModel):
    """One stage over sets that are put together, a sample of ``limit`` questions; goals and figures of others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    stage: Literal["retrieval", "reader", "answer", "support", "faithfulness"]
    sets: list[str] = Field(min_length=1)
    limit: int | None = Field(None, ge=1)
    goals: dict[str, float] = Field(default_factory=dict)
    others: dict[str, str] = Field(default_factory=dict)

    @property
    def name(self) -> str:
        """The sets, joined."""
        return "+".join(name.split(".")[0] for name in self.sets)


class Plan(BaseModel):
    """All runs, in order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    runs: list[PlannedRun]


def load_plan(path: Path = PLAN_FILE) -> Plan:
    """Load the plan.

    Raises:
        ConfigurationError: the file cannot be parsed or has an unknown key.
    """
    return load_toml(path, Plan, "plan")


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Runs the plan over the public sets in the folder ``sets``, and keeps each run in the folder ``out``."""

    sets: Path
    out: Path
    settings: Settings
    workers: int = 1
    replay: bool = False

    def table(self, plan: Plan) -> str:
        """Run what ``out`` does not hold yet and return a row for each figure, in Markdown.

        Raises:
            PinciteError: a set is missing.
        """
        lines = ["| " + " | ".join(_COLUMNS) + " |", "|---" * len(_COLUMNS) + "|"]
        for planned in plan.runs:
            kept = self.out / f"{planned.stage}-{planned.name}.json"
            if not kept.is_file():
                self._run(planned, kept)
            lines += _rows(planned, json.loads(kept.read_text(encoding="utf-8")))
        return "\n".join(lines)

    def _run(self, planned: PlannedRun, kept: Path) -> None:
        folders = [self.sets / name for name in planned.sets]
        if planned.stage in ("support", "faithfulness"):
            write_atomically(kept, json.dumps(_of_checker(planned, folders, self.settings), indent=2) + "\n")
            return
        suites = load_suites([_together(folders, self.out / planned.name)], planned.limit)
        log = kept.with_suffix(".records.jsonl")
        stage = Stage(planned.stage)
        results = evaluate(suites, stage, self.settings, workers=self.workers, log=log, replay=self.replay)
        save(results, kept, None)


def _of_checker(planned: PlannedRun, paths: Sequence[Path], settings: Settings) -> dict[str, Any]:
    from rag import open_embedder  # noqa: PLC0415 - loads the model's libraries

    embedder = open_embedder(settings)
    if planned.stage == "support":
        estimates = agreement(judge_file(paths[0], planned.limit, embedder, settings.chunking))
    else:
        rated = load_ratings(paths[0])
        estimates = correlations(support_responses(rated, load_suite(paths[1]), embedder, settings.chunking))
    return {name: asdict(estimate) for name, estimate in estimates.items()}


def _together(folders: Sequence[Path], folder: Path) -> Path:
    """Return the one folder, or several put together into ``folder``: one corpus, all questions."""
    if len(folders) == 1:
        return folders[0]
    beside = folder.with_name(folder.name + ".part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for name in ("corpus.jsonl", "queries.jsonl"):
        text = "".join(source.joinpath(name).read_text(encoding="utf-8").rstrip("\n") + "\n" for source in folders)
        beside.joinpath(name).write_text(text, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    return beside.replace(folder)


def _rows(planned: PlannedRun, kept: Mapping[str, Any]) -> list[str]:
    """Return a line for each metric that has a goal or a figure of others, or for the accuracy where none has."""
    lines = []
    for metric in dict.fromkeys([*planned.goals, *planned.others]) or ["answer_accuracy"]:
        goal = planned.goals.get(metric)
        reached = "" if goal is None else "✓" if _reaches(metric, kept.get(metric), goal) else "✗"
        told = "" if goal is None else f"{goal:g}"
        cells = (planned.stage, planned.name, metric, cell(kept.get(metric)), told, reached)
        lines.append("| " + " | ".join([*cells, planned.others.get(metric, "")]) + " |")
    return lines


def _reaches(metric: str, estimate: Mapping[str, Any] | None, goal: float) -> bool:
    value: float | None = estimate["value"] if estimate else None
    if value is None:
        return False
    return value <= goal if metric in _LESS_IS_BETTER else value >= goal
