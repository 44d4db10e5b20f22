"""Two runs over the same questions: how much each metric changed, and which questions flipped."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from eval.bootstrap import Estimate, paired_difference, paired_median_ratio
from eval.kept_runs import Question, read_run
from eval.metrics.samples import Sample
from rag.errors import PinciteError

_Pair: TypeAlias = tuple[Question, Question]

# What a question costs is compared where both runs paid. Every other metric is a share of what counts for it, which may
# hang on what a run did (precision is over what it cited), so there a question counts in either run.
_COSTS = frozenset({"answer_s", "prompt_tokens"})
# What says of one question whether it went well, with the sign of what is better.
_FLIPPING = {"answer_accuracy": 1, "refusal_recall": 1, "false_refusal_rate": -1}


@dataclass(frozen=True, slots=True)
class Change:
    """A metric of both runs, over the questions that count for it; costs are means, also ``answer_s``.

    ``difference`` is B less A; its ``n`` questions count in at least one run, for a cost in both.
    """

    a: float | None
    b: float | None
    difference: Estimate


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that one run got right and the other did not, by the ``metrics`` named."""

    suite: str
    id: str
    question: str
    metrics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from run ``a`` to run ``b``.

    ``questions`` are in both runs, ``only_a`` and ``only_b`` in one, ``reworded`` in both with another text; only the
    first are compared. ``answer_s_ratio`` is the median of B over that of A, where both were timed.
    """

    a: str
    b: str
    questions: int
    only_a: int
    only_b: int
    reworded: int
    metrics: Mapping[str, Change]
    answer_s_ratio: Estimate
    gained: Sequence[Flip]
    lost: Sequence[Flip]


def compare_runs(a: Path, b: Path) -> Comparison:
    """Compare the runs whose results ``run --json`` wrote to ``a`` and ``b``, question by question.

    Raises:
        PinciteError: a file is no such file or keeps no questions, or the two share none.
    """
    run_a, run_b = read_run(a), read_run(b)
    # In one order, whichever run comes first, so that the same questions are drawn.
    shared = sorted(run_a.questions.keys() & run_b.questions.keys())
    pairs = [(run_a.questions[key], run_b.questions[key]) for key in shared]
    same = [(one, other) for one, other in pairs if one.question == other.question]
    if not same:
        raise PinciteError(f"{a} and {b} have no question in common.", "Compare two runs of the same suites.")
    changes = {name: _change(name, same) for name in run_a.names if name in run_b.names}
    return Comparison(
        a=str(a),
        b=str(b),
        questions=len(same),
        only_a=len(run_a.questions) - len(shared),
        only_b=len(run_b.questions) - len(shared),
        reworded=len(pairs) - len(same),
        metrics={name: change for name, change in changes.items() if (change.a, change.b) != (None, None)},
        answer_s_ratio=_ratio_of_times(same),
        gained=_flips(same, lambda change: change > 0),
        lost=_flips(same, lambda change: change < 0),
    )


def as_json(comparison: Comparison) -> str:
    """Return the comparison with the keys of ``Comparison``."""
    return json.dumps(asdict(comparison), ensure_ascii=False, indent=2) + "\n"


def show(comparison: Comparison, console: Console) -> None:
    """Print what was compared, a row for each metric, and the questions that flipped."""
    console.print(Text(f"A: {comparison.a}\nB: {comparison.b}"), soft_wrap=True)
    left_out = f"{comparison.only_a} in A only, {comparison.only_b} in B only, {comparison.reworded} worded differently"
    console.print(Text(f"{comparison.questions} questions compared; left out: {left_out}"), soft_wrap=True)
    table = Table("metric", "A", "B", "B - A", "95% interval", "n", title="Changes", caption="Costs are means.")
    for name, change in comparison.metrics.items():
        by = change.difference
        interval = "–" if by.low is None else f"[{_figure(by.low, '+z')}, {_figure(by.high, '+z')}]"
        table.add_row(
            Text(name), _figure(change.a), _figure(change.b), _figure(by.value, "+z"), Text(interval), str(by.n)
        )
    console.print(table)
    ratio = comparison.answer_s_ratio
    if ratio.value is not None:
        interval = f"[{_figure(ratio.low)}, {_figure(ratio.high)}]"
        console.print(Text(f"Median answer_s, B over A: {_figure(ratio.value)} {interval}, {ratio.n} questions"))
    for title, flips in (("Gained", comparison.gained), ("Lost", comparison.lost)):
        console.print(Text(f"{title}: {len(flips)}", "bold"))
        for flip in flips:
            line = f"  {flip.suite}/{flip.id} ({', '.join(flip.metrics)}): {' '.join(flip.question.split())}"
            console.print(Text(line), soft_wrap=True)


def _change(name: str, pairs: Sequence[_Pair]) -> Change:
    samples = [(a.sample(name), b.sample(name)) for a, b in pairs]
    if name in _COSTS:
        samples = [(a, b) for a, b in samples if a and b]
    before, after = [a for a, _ in samples], [b for _, b in samples]
    return Change(_ratio(before), _ratio(after), paired_difference(before, after))


def _ratio(samples: Sequence[Sample]) -> float | None:
    counted = [sample for sample in samples if sample]
    bottom = sum(sample.denominator for sample in counted)
    return sum(sample.numerator for sample in counted) / bottom if bottom else None


def _ratio_of_times(pairs: Sequence[_Pair]) -> Estimate:
    samples = [(a.sample("answer_s"), b.sample("answer_s")) for a, b in pairs]
    timed = [(a.numerator, b.numerator) for a, b in samples if a and b]
    return paired_median_ratio([a for a, _ in timed], [b for _, b in timed])


def _flips(pairs: Sequence[_Pair], wanted: Callable[[float], bool]) -> tuple[Flip, ...]:
    """Return the questions of which a metric changed by what is ``wanted``; more is better."""
    flips = []
    for a, b in pairs:
        samples = {name: (a.sample(name), b.sample(name)) for name in _FLIPPING}
        metrics = tuple(
            name
            for name, (one, other) in samples.items()
            if one and other and wanted(_FLIPPING[name] * (other.numerator - one.numerator))
        )
        if metrics:
            flips.append(Flip(a.suite, a.id, a.question, metrics))
    return tuple(flips)


def _figure(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}.{3 if abs(value) < 100 else 0}f}"
