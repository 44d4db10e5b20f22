"""The same questions to ours and to every peer, in turn: ours, each peer, and ours again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rich.console import Console

from eval.bench.answering import time_answer
from eval.bench.counting import counting
from eval.bench.peers.assembling import job_for
from eval.bench.peers.comparison import Comparison, compare
from eval.bench.peers.environment import pinned_version, prepare
from eval.bench.peers.job import Job, Reply
from eval.bench.peers.running import ask_peer
from eval.bench.plain_model import Times
from eval.bench.warming import warm
from eval.evaluation import opened
from eval.records import write_atomically
from eval.suites import Suite
from rag.settings import Settings

if TYPE_CHECKING:
    from rag import Assistant


@dataclass(frozen=True, slots=True)
class Peer:
    """A driver of this folder. ``title`` names what it drives, whose version is that of ``package``."""

    driver: str
    title: str
    package: str

    def __str__(self) -> str:
        return self.title.format(pinned_version(self.driver, self.package))


PEERS = (
    Peer("llama_index", "LlamaIndex {}, CitationQueryEngine", "llama-index-core"),
    Peer("txtai", "txtai {}, RAG", "txtai"),
    Peer("langchain", "LangChain (langchain-classic {}), retrieval chain", "langchain-classic"),
)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What came of it: a comparison a peer, and all that the peers replied, by driver."""

    comparisons: Sequence[Comparison]
    replies: Mapping[str, Sequence[Reply]]


def measure(suite: Suite, settings: Settings, questions: Sequence[str]) -> Measurement:
    """Put ``questions`` to all, over the passages of the suite's index; the environments are made beside that.

    Ours is opened anew for each of its two turns, so that it remembers nothing of the first, and has its passages read
    ahead; its time for a question is the median of both.

    Raises:
        PinciteError: a model, an environment or a peer failed.
    """
    home = settings.index_dir.parent / "peers"
    job = job_for(settings, questions, _warm_up(suite, questions))
    pythons = {peer.driver: _prepared(peer.driver, home) for peer in PEERS}
    with opened(suite, settings) as assistant:
        job_file = _write(replace(job, passages=[passage.text for passage in assistant.snapshot.passages()]), home)
        before = _time_ours(assistant, job)
    replies: dict[str, list[Reply]] = {}
    for peer in PEERS:
        with counting(peer.driver, len(questions)) as done:
            replies[peer.driver] = ask_peer(peer.driver, pythons[peer.driver], job_file, done)
    with opened(suite, settings) as assistant:
        after = _time_ours(assistant, job)
    ours = [Times(median((a.first, b.first)), median((a.whole, b.whole))) for a, b in zip(before, after, strict=True)]
    return Measurement([compare(str(peer), replies[peer.driver], ours) for peer in PEERS], replies)


def _prepared(driver: str, home: Path) -> Path:
    with Console(stderr=True).status(f"Installing {driver}"):
        return prepare(driver, home.resolve())


def _warm_up(suite: Suite, questions: Sequence[str]) -> str:
    """Return a question like the others, but none of them while there is one, lest its answer be half there already."""
    others = (query.question for query in suite.queries if query.answerable and not query.history)
    return next((question for question in others if question not in questions), questions[-1])


def _write(job: Job, home: Path) -> Path:
    file = home.resolve() / "job.json"
    write_atomically(file, job.to_json() + "\n")
    return file


def _time_ours(assistant: Assistant, job: Job) -> list[Times]:
    warm(assistant)
    assistant.ask(job.warm_up)
    with counting("pincite", len(job.questions)) as done:
        times = []
        for question in job.questions:
            times.append(time_answer(assistant, question))
            done()
    return times
