"""Search over ever more passages, up to a million: how long, how much memory, and how much of the nearest is found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

import faiss
import numpy as np
import psutil

from eval.bench.goals import Row, at_least, at_most
from eval.bench.searching import quantile, time_ms
from eval.bench.spread import Spread, spread
from eval.plots import as_svg, new_figure
from rag import open_embedder, open_snapshot
from rag.index.faiss_vectors import FaissVectors
from rag.index.snapshot import VECTORS_FILE, snapshot_folder
from rag.retrieval.retriever import Retriever
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.embedding.base import Vectors

_NEAREST = 10
_GIB = 1 << 30


@dataclass(frozen=True, slots=True)
class Size:
    """What a search over ``passages`` takes: milliseconds of each round, GiB resident after them.

    ``flat_ms`` is what FAISS takes to compare every vector exactly; ``recall`` the share of the ten nearest that the
    vector search finds, in the mean over the questions.
    """

    passages: int
    p50_ms: Spread
    p99_ms: Spread
    flat_ms: float
    recall: float
    memory_gib: float


@dataclass(frozen=True, slots=True)
class Scaling:
    """Search over several sizes, smallest first; goals are those of a million passages."""

    sizes: tuple[Size, ...]

    def rows(self) -> list[Row]:
        """Return the lines of the table."""
        return [row for size in self.sizes for row in _rows(size)]

    def plot(self) -> str:
        """Return time and memory against the number of passages, as SVG."""
        figure = new_figure(8.0, 2.8)
        times, memory = figure.subplots(1, 2)
        passages = [size.passages for size in self.sizes]
        times.plot(passages, [size.p50_ms.median for size in self.sizes], "o-", label="search, p50")
        times.plot(passages, [size.p99_ms.median for size in self.sizes], "o-", label="search, p99")
        times.plot(passages, [size.flat_ms for size in self.sizes], "o--", label="vectors alone, every one compared")
        times.set_ylabel("ms")
        times.legend(fontsize=8, frameon=False)
        memory.plot(passages, [size.memory_gib for size in self.sizes], "o-")
        memory.set_ylabel("GiB resident")
        memory.set_ylim(bottom=0)
        for axes in (times, memory):
            axes.set_xscale("log")
            axes.set_xlabel("passages")
            axes.grid(alpha=0.3)
        return as_svg(figure)


def measure(made: Settings, questions: Sequence[str], vectors: Vectors, runs: int) -> Size:
    """Search the index of ``made`` for all ``questions``, ``runs`` times after one to warm up.

    In a process of its own, so that the memory is that of the search alone. ``vectors`` are those of the questions,
    float32 of shape (questions, dimension).
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        rounds, memory = process.submit(_search_all, made, list(questions), runs).result()
    flat_ms, recall = _against_flat(made, vectors)
    with closing(open_snapshot(made.index_dir)) as snapshot:
        passages = snapshot.manifest.passages
    return Size(
        passages=passages,
        p50_ms=spread([quantile(times, 0.5) for times in rounds]),
        p99_ms=spread([quantile(times, 0.99) for times in rounds]),
        flat_ms=flat_ms,
        recall=recall,
        memory_gib=memory / _GIB,
    )


def _search_all(made: Settings, questions: Sequence[str], runs: int) -> tuple[list[list[float]], int]:
    """Return the milliseconds of each question in each round, and the bytes resident in the end."""
    with closing(open_snapshot(made.index_dir)) as snapshot:
        retriever = Retriever(snapshot, open_embedder(made), made.retrieval)
        rounds = [[time_ms(retriever.search, question) for question in questions] for _ in range(runs + 1)]
    return rounds[1:], psutil.Process().memory_info().rss


def _against_flat(made: Settings, queries: Vectors) -> tuple[float, float]:
    """Return the median milliseconds of comparing every vector, and the recall of our vector search against that."""
    with closing(open_snapshot(made.index_dir)) as snapshot:
        path = snapshot_folder(made.index_dir, snapshot.id) / VECTORS_FILE
    flat, ours = faiss.read_index(str(path)), FaissVectors.open(path)
    times: list[float] = []
    found: list[float] = []
    for query in queries:
        began = time.perf_counter()
        _, nearest = flat.search(query[None], _NEAREST)
        times.append((time.perf_counter() - began) * 1000)
        mine = {row for row, _ in ours.search(query, _NEAREST)}
        found.append(len(mine & set(nearest[0].tolist())) / _NEAREST)
    return quantile(times, 0.5), float(np.mean(found))


def _rows(size: Size) -> list[Row]:
    many = f"{size.passages:,} passages"
    largest = size.passages >= 1_000_000
    return [
        Row("scale", f"{many}, every vector compared, ms", spread([size.flat_ms])),
        Row("scale", f"{many}, p50, ms", size.p50_ms, at_most(30) if largest else None),
        Row("scale", f"{many}, p99, ms", size.p99_ms),
        Row("scale", f"{many}, recall@10 of the vectors", spread([size.recall]), at_least(0.98) if largest else None),
        Row("scale", f"{many}, resident, GiB", spread([size.memory_gib]), at_most(2.5) if largest else None),
    ]
