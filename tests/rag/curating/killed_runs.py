"""Run as a program: kills the curator at one file operation after another and looks at what then serves.

Usage: killed_runs.py FOLDER. Prints a JSON object: how often the old and how often the new snapshot served after the
kill, the names of the operations, and what was wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from rag.curating.curator import curate
from rag.domain import Span
from rag.embedding.base import Vectors
from rag.index.snapshot import open_snapshot
from rag.settings import load_settings

_OPERATIONS = frozenset({"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "sqlite3.connect"})


class OneWayEmbedder:
    """Points the same way for every text: what matters here is only that the rows are there."""

    name, sha256, dimension, max_tokens = "one-way", "1" * 64, 4, 400

    def count_tokens(self, text: str) -> int:
        return len(text)

    def token_spans(self, text: str) -> list[Span]:
        return [Span(n, n + 1) for n in range(len(text))]

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 32, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        return np.full((len(texts), 4), 0.5, np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_passages(texts)


def main(folder: Path) -> None:
    corpus, base, index = folder / "corpus", folder / "base", folder / "index"
    corpus.mkdir()
    (corpus / "kept.md").write_text("# Kept\n\nThis one stays.\n")
    (corpus / "changed.md").write_text("# Version\n\nThe old wording.\n")
    run(corpus, base)
    (corpus / "changed.md").write_text("# Version\n\nThe new wording, which is longer.\n")
    served = {"old": 0, "new": 0}
    operations, wrong = [], []
    for kill_at in range(10_000):
        shutil.rmtree(index, ignore_errors=True)
        shutil.copytree(base, index)
        operation = killed(corpus, index, kill_at)
        if operation is None:
            break
        operations.append(operation)
        wrong += [f"at {kill_at} ({operation}): {problem}" for problem in look(index, served)]
        if kill_at % 5 == 0:
            run(corpus, index)
            left = sorted(path.name for path in (index / "snapshots").iterdir())
            if words(index) != "new" or len(left) != 1:
                wrong.append(f"at {kill_at} ({operation}): the next run leaves {left}")
    sys.stdout.write(json.dumps({"served": served, "operations": sorted(set(operations)), "wrong": wrong}))


def run(corpus: Path, index: Path) -> None:
    curate(load_settings(corpus_dir=corpus, index_dir=index), open_embedder=lambda _: OneWayEmbedder())


def killed(corpus: Path, index: Path, kill_at: int) -> str | None:
    """Curate in a child that kills itself at its ``kill_at``-th operation in ``index``; None if it ended before."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        countdown = kill_at

        def watch(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal countdown
            if event in _OPERATIONS and str(index) in str(arguments[0]):
                if countdown == 0:
                    os.write(writing, event.encode())
                    os.kill(os.getpid(), signal.SIGKILL)
                countdown -= 1

        sys.addaudithook(watch)
        try:
            run(corpus, index)
        finally:
            os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    operation = os.read(reading, 100).decode()
    os.close(reading)
    return operation if os.WIFSIGNALED(status) else None


def look(index: Path, served: dict[str, int]) -> list[str]:
    try:
        served[words(index)] += 1
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    return []


def words(index: Path) -> str:
    """Return which version serves, after a look into every store."""
    snapshot = open_snapshot(index)
    (row, _), *_ = snapshot.lexical.search("wording", 5)
    text = snapshot.store.passages([row])[0].text
    found = len(snapshot.vectors.search(np.full(4, 0.5, np.float32), 10))
    if found != 2 or len(snapshot.store.documents()) != 2:
        raise AssertionError(f"{found} vectors")
    snapshot.close()
    return "new" if "new wording" in text else "old"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
