"""What a soak shows: replies by kind and status, latencies, and the server's memory over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np

from eval.bench.machine import machine_name
from tests.server.soaking.clients import Tally

_WARM_UP = 0.2
_MOST_GROWTH = 0.05
_SEARCH_P99_S = 0.150


@dataclass(frozen=True, slots=True)
class Sample:
    """Resident memory of the server, in MiB, at a second of the soak."""

    second: float
    mib: float


@dataclass(frozen=True, slots=True)
class Soak:
    """A soak that has ended."""

    clients: int
    seconds: float
    tally: Tally
    samples: Sequence[Sample]

    @property
    def growth(self) -> float:
        """By what share memory grew from the third of the time after warm-up to the last."""
        warm = [sample.mib for sample in self.samples if sample.second >= _WARM_UP * self.seconds]
        third = max(1, len(warm) // 3)
        return mean(warm[-third:]) / mean(warm[:third]) - 1 if warm else 0.0

    @property
    def problems(self) -> list[str]:
        """What should not have been; none where the soak passed."""
        found = list(self.tally.wrongs)
        if self.growth > _MOST_GROWTH:
            found.append(f"memory grew by {self.growth:.1%}")
        searches = self.tally.seconds.get(("search", "200"), [])
        if searches and (slow := float(np.quantile(searches, 0.99))) > _SEARCH_P99_S:
            found.append(f"p99 of search is {1000 * slow:.0f} ms")
        return found


def write_report(soak: Soak, folder: Path) -> None:
    """Write ``soak.md`` and ``soak.svg`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "soak.md").write_text(as_markdown(soak), encoding="utf-8")
    _plot(soak.samples, folder / "soak.svg")


def as_markdown(soak: Soak) -> str:
    """Return the tables of the report."""
    lines = [
        f"{soak.clients} clients, {soak.seconds / 60:.0f} minutes; memory {soak.growth:+.1%} after warm-up; "
        f"{len(soak.tally.wrongs)} messages lost, crossed or wrong.",
        machine_name(),
        "",
        "| request | status | replies | p50 | p95 | p99 | seconds, longest |",
        "|---|---|---|---|---|---|---|",
    ]
    for (kind, status), seconds in sorted(soak.tally.seconds.items()):
        cells = (f"{value:.3f}" for value in (*np.quantile(seconds, (0.5, 0.95, 0.99)), max(seconds)))
        lines.append(f"| {kind} | {status} | {len(seconds)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _plot(samples: Sequence[Sample], path: Path) -> None:
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to load, and only needed at the end

    figure = Figure(figsize=(7, 3), layout="constrained")
    axes = figure.subplots()
    axes.plot([sample.second / 60 for sample in samples], [sample.mib for sample in samples])
    axes.set(xlabel="minutes", ylabel="resident memory, MiB", ylim=(0, 1.1 * max(sample.mib for sample in samples)))
    figure.savefig(path)
