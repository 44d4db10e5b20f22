from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.bench.peers import measuring
from eval.bench.peers.job import Job, Reply
from eval.bench.peers.measuring import PEERS, measure
from eval.suites import Suite, load_own_pairs
from rag import PinciteError
from rag.domain import Answer, Passage, Timings
from rag.settings import Settings


@dataclass
class _Stage:
    """Stand-ins for all that is asked, and what happened, in order."""

    answer: Answer
    passages: Sequence[Passage]
    happened: list[str] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    @contextmanager
    def opened(self, suite: Suite, settings: Settings) -> Iterator[SimpleNamespace]:
        self.happened.append("opened")
        yield SimpleNamespace(ask=self.ask, snapshot=SimpleNamespace(passages=lambda: self.passages))

    def warm(self, assistant: SimpleNamespace) -> None:
        assert assistant.ask == self.ask
        self.happened.append("read ahead")

    def ask(self, question: str) -> Answer:
        self.happened.append(question)
        turn = self.happened.count("opened")
        return replace(self.answer, timings_ms=Timings(first_token=1000 if turn == 1 else 3000, total=4000))

    def prepare(self, peer: str, home: Path) -> Path:
        self.happened.append(f"prepared {peer}")
        return home / peer / "python"

    def ask_peer(self, peer: str, python: Path, job_file: Path, done: Callable[[], None]) -> list[Reply]:
        assert python == job_file.with_name(peer) / "python"
        self.happened.append(peer)
        job = Job.from_json(job_file.read_text(encoding="utf-8"))
        self.jobs.append(job)
        return [Reply(question, 6.0, 9.0, 500, "") for question in job.questions]


@pytest.fixture
def stage(
    answer: Callable[..., Answer], make_passage: Callable[..., Passage], monkeypatch: pytest.MonkeyPatch
) -> _Stage:
    stage = _Stage(answer(), [make_passage("One."), make_passage("二。")])
    for name in ("opened", "warm", "prepare", "ask_peer"):
        monkeypatch.setattr(measuring, name, getattr(stage, name))
    job = Job([], "", [], "e5", "", "", "m.gguf", 512, 8, 2)
    monkeypatch.setattr(
        measuring, "job_for", lambda settings, questions, warm_up: replace(job, warm_up=warm_up, questions=questions)
    )
    return stage


def test_ours_is_asked_before_and_after_the_peers(stage: _Stage, tmp_path: Path) -> None:
    own = load_own_pairs()
    found = measure(own, Settings(index_dir=tmp_path / "index"), ["a", "b"])
    drivers = [peer.driver for peer in PEERS]
    warm_up = stage.jobs[0].warm_up
    ours = ["opened", "read ahead", warm_up, "a", "b"]
    assert stage.happened == [*(f"prepared {driver}" for driver in drivers), *ours, *drivers, *ours]
    assert warm_up in {query.question for query in own.queries if query.answerable and not query.history}
    assert [job.passages for job in stage.jobs] == [["One.", "二。"]] * len(drivers)
    assert list(found.replies) == drivers
    for comparison in found.comparisons:
        assert (comparison.our_first.median, comparison.first_ratio.median) == (2.0, 3.0)
        assert comparison.questions == 2


def test_the_warm_up_is_one_of_the_questions_only_where_all_are_asked(stage: _Stage, tmp_path: Path) -> None:
    own = load_own_pairs()
    small = replace(own, queries=own.queries[:1])
    measure(small, Settings(index_dir=tmp_path / "index"), [small.queries[0].question])
    assert stage.jobs[0].warm_up == small.queries[0].question


def test_the_command_prints_a_row_a_peer_and_writes_what_they_replied(
    stage: _Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_INDEX_DIR", str(tmp_path / "index"))
    out = tmp_path / "peers.json"
    result = CliRunner().invoke(app, ["bench", "peers", "--questions", "2", "--json", str(out)])
    assert result.exit_code == 0, result.output
    found = json.loads(out.read_text(encoding="utf-8"))
    assert found["machine"] in result.output
    assert all(f"| {peer} |" in result.output for peer in PEERS)
    assert [comparison["peer"] for comparison in found["peers"]["comparisons"]] == [str(peer) for peer in PEERS]
    assert [len(replies) for replies in found["peers"]["replies"].values()] == [2] * len(PEERS)


def test_a_peer_that_cannot_be_installed_is_one_line(stage: _Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def prepare(peer: str, home: Path) -> Path:
        raise PinciteError(f"pip could not install what {peer} needs: no index.", "Check the network.")

    monkeypatch.setattr(measuring, "prepare", prepare)
    result = CliRunner().invoke(app, ["bench", "peers"])
    assert (result.exit_code, result.exception.__class__) == (1, SystemExit)
    assert stage.happened == []
