"""Run as a program: indexes a large generated corpus, broken files among it, and looks at what that took.

Usage: python tests/large_corpus.py [--documents 2000] [--broken 40] [--keep DIR]. Runs ``pincite index`` with the real
embedder; the exit code is 1 when it failed, skipped other files than the broken ones, or took too much memory.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

# Run as a program, Python looks beside this file only.
sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.broken_files import LOWERED_MAX_FILE_MB
from tests.generated_corpus import GeneratedCorpus, generate_corpus

MOST_MIB = 3 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ``pincite index`` printed, and what it took; ``documents`` and ``passages`` are -1 where it failed."""

    documents: int
    passages: int
    skipped: Mapping[str, str]
    seconds: float
    peak_mib: float


def main() -> int:
    parser = argparse.ArgumentParser(description="Index a large generated corpus and look at what that took.")
    parser.add_argument("--documents", type=int, default=2000, help="documents that can be read (default 2000)")
    parser.add_argument("--broken", type=int, default=40, help="broken files beside them (default 40)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep corpus and index in this new folder")
    options = parser.parse_args()
    with ExitStack() as stack:
        if options.keep:
            options.keep.mkdir(parents=True)
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        corpus = generate_corpus(folder.resolve() / "corpus", options.documents, options.broken)
        outcome = index(corpus, folder.resolve() / "index")
    wrong = problems(corpus, outcome)
    show(outcome, wrong)
    return 1 if wrong else 0


def index(corpus: GeneratedCorpus, index_dir: Path) -> Outcome:
    """Run ``pincite index`` on the corpus in a process of its own."""
    import resource  # noqa: PLC0415 - not on Windows

    command = shutil.which("pincite", path=Path(sys.executable).parent) or "pincite"
    environment = os.environ | {
        "PINCITE_CORPUS_DIR": str(corpus.folder),
        "PINCITE_INDEX_DIR": str(index_dir),
        "PINCITE_READING__MAX_FILE_MB": str(LOWERED_MAX_FILE_MB),
    }
    started = time.perf_counter()
    run = subprocess.run(
        [command, "index", "--json"],
        stdout=subprocess.PIPE, encoding="utf-8", env=environment, cwd=corpus.folder, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    # Linux counts kibibytes, macOS bytes.
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 ** (2 if sys.platform == "darwin" else 1)
    if run.returncode:
        return Outcome(-1, -1, {}, seconds, peak_mib)
    report = json.loads(run.stdout)
    skipped = {file["path"]: file["reason"] for file in report["skipped"]}
    return Outcome(report["documents"], report["passages"], skipped, seconds, peak_mib)


def problems(corpus: GeneratedCorpus, outcome: Outcome) -> list[str]:
    """Return what is wrong with a run over the corpus, a line each."""
    if outcome.documents < 0:
        return ["pincite index failed"]
    skipped, broken = outcome.skipped, corpus.broken
    wrong = [f"{path}: sound, but skipped ({skipped[path]})" for path in sorted(skipped.keys() - broken.keys())]
    wrong += [f"{path}: broken, but not skipped" for path in sorted(broken.keys() - skipped.keys())]
    wrong += [
        f"{path}: skipped for {skipped[path]!r}, not {broken[path]!r}"
        for path in sorted(skipped.keys() & broken.keys())
        if broken[path] not in skipped[path]
    ]
    if outcome.documents != len(corpus.sound):
        wrong.append(f"{outcome.documents} documents indexed, not {len(corpus.sound)}")
    if outcome.passages < outcome.documents:
        wrong.append(f"only {outcome.passages} passages for {outcome.documents} documents")
    if outcome.peak_mib >= MOST_MIB:
        wrong.append(f"{outcome.peak_mib:,.0f} MiB at the peak, allowed are less than {MOST_MIB:,}")
    return wrong


def show(outcome: Outcome, wrong: list[str]) -> None:
    table = Table()
    for name in ("documents", "passages", "skipped", "seconds", "peak MiB"):
        table.add_column(name, justify="right")
    table.add_row(
        f"{outcome.documents:,}", f"{outcome.passages:,}", f"{len(outcome.skipped):,}",
        f"{outcome.seconds:,.1f}", f"{outcome.peak_mib:,.0f}",
    )  # fmt: skip
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(table)
    for line in wrong:
        console.print(line)


if __name__ == "__main__":
    sys.exit(main())
