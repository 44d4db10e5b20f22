"""What indexing takes beside the embedding, and indexing again when nothing or one document changed."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bench.goals import Row, at_most
from eval.bench.made_corpus import in_process, pincite_command
from eval.bench.spread import Spread, spread
from eval.bench.wrapped_embedder import WrappedEmbedder
from rag import Embedder, curate
from rag.embedding.base import Vectors
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Curating:
    """Seconds; ``else_share`` is the time beside the embedding, as a share of it."""

    else_share: Spread
    unchanged: Spread
    one_changed: Spread
    documents: int

    def rows(self) -> list[Row]:
        """Return the lines of the table."""
        many = f"{self.documents:,} documents, s"
        return [
            Row("ingest", "reading, chunking, word index, writing: share of the embedding time",
                self.else_share, at_most(0.2)),
            Row("ingest", f"`pincite index` with nothing changed, {many}", self.unchanged, at_most(1.0)),
            Row("ingest", f"`pincite index` with one changed, {many}", self.one_changed, at_most(2.0)),
        ]  # fmt: skip


class Timed(WrappedEmbedder):
    """An embedder that keeps the seconds which embedding passages took."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self.seconds = 0.0

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 64, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Embed texts to be found: float32 of shape (len(texts), dimension), each row of length 1."""
        began = time.perf_counter()
        vectors = self.embedder.embed_passages(texts, batch_size, progress)
        self.seconds += time.perf_counter() - began
        return vectors


def time_beside_embedding(settings: Settings, embedder: Embedder) -> float:
    """Index the corpus of the settings into a new folder; return the time beside the embedding, as a share of it."""
    timed = Timed(embedder)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        curate(settings.model_copy(update={"index_dir": Path(folder) / "index"}), open_embedder=lambda _: timed)
        whole = time.perf_counter() - began
    return (whole - timed.seconds) / timed.seconds


def time_command(made: Settings) -> float:
    """Return the seconds of ``pincite index`` in a process of its own over the folders of ``made``.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    began = time.perf_counter()
    subprocess.run([pincite_command(), "index"], check=True, capture_output=True, env=in_process(made))  # noqa: S603 - our own
    return time.perf_counter() - began


def measure(
    settings: Settings, made: Settings, embedder: Embedder, runs: int, done: Callable[[], None] = lambda: None
) -> Curating:
    """Measure each ``runs`` times, in turn. ``settings`` name a corpus of Markdown, ``made`` a large one, indexed."""
    changed = sorted(made.corpus_dir.glob("*.md"))[0]
    shares, unchanged, one_changed = [], [], []
    for run in range(runs):
        shares.append(time_beside_embedding(settings, embedder))
        done()
        changed.write_text(f"{changed.read_text(encoding='utf-8').rstrip()} {run}.\n", encoding="utf-8")
        one_changed.append(time_command(made))
        done()
        unchanged.append(time_command(made))
        done()
    return Curating(spread(shares), spread(unchanged), spread(one_changed), len(list(made.corpus_dir.glob("*.md"))))
