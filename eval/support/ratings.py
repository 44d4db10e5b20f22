"""Responses that people rated: does the support of their sentences go up with how faithful people find them?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from eval.bootstrap import Estimate, clustered
from eval.json_rows import read_rows, text_of
from eval.metrics.agreement import spearman
from eval.suites import Query, Suite
from eval.support.checker import Checker, Cited, Held
from rag.errors import PinciteError


@dataclass(frozen=True, slots=True)
class Rating:
    """A model's response to a task, and the mean of the marks for faithfulness that people gave it."""

    task: str
    model: str
    response: str
    faithfulness: float


@dataclass(frozen=True, slots=True)
class Supported:
    """A rated response with the mean support of its sentences."""

    task: str
    model: str
    faithfulness: float
    support: float
    cited: Cited


def load_ratings(path: Path) -> list[Rating]:
    """Load rows with ``task_id``, ``model``, ``response`` and ``faithfulness`` (a list of marks).

    Raises:
        PinciteError: the file cannot be read, or a line lacks one of these.
    """
    remedy = "Name a file with a rated response on each line."
    return [_rating(row, place) for place, row in read_rows(path, remedy)]


def sources_of(query: Query) -> tuple[str, ...]:
    """Return the documents that a response is held against: those given to read, or else the relevant ones."""
    return query.context or query.relevant


def with_sources(ratings: Iterable[Rating], suite: Suite) -> list[tuple[Rating, Query]]:
    """Return the ratings whose task is a query of ``suite`` that names documents.

    Raises:
        PinciteError: there are none, or the suite's corpus lacks a document that is named.
    """
    queries = {query.id: query for query in suite.queries if sources_of(query)}
    rated = [(rating, queries[rating.task]) for rating in ratings if rating.task in queries]
    if not rated:
        raise PinciteError(
            f"No rated task is a question of {suite.name} with documents to read.", "Name the suite that was rated."
        )
    missing = {name for _, query in rated for name in sources_of(query)} - {row.id for row in suite.corpus()}
    if missing:
        raise PinciteError(f"The corpus of {suite.name} lacks {', '.join(sorted(missing))}.", "Mend its queries.")
    return rated


def support_of(checker: Checker, rated: Sequence[tuple[Rating, Query]]) -> Iterator[Supported]:
    """Yield each response cited from its query's documents, in order."""
    cited = checker.cite_all([_held(rating, query) for rating, query in rated])
    for (rating, _), found in zip(rated, cited, strict=True):
        support = fmean(sentence.support for sentence in found.sentences)
        yield Supported(rating.task, rating.model, rating.faithfulness, support, found)


def correlations(supported: Sequence[Supported]) -> dict[str, Estimate]:
    """Estimate Spearman's correlation of support with faithfulness, of all responses and of each model's.

    The responses to one task are drawn together.
    """
    models = sorted({one.model for one in supported})
    of_models = {model: [one for one in supported if one.model == model] for model in models}
    return {name: clustered(_by_task(group), _spearman) for name, group in {"all": supported, **of_models}.items()}


def _held(rating: Rating, query: Query) -> Held:
    return Held(rating.response, sources_of(query), "zh" if query.language == "zh" else "en")


def _by_task(supported: Sequence[Supported]) -> list[list[Supported]]:
    groups: dict[str, list[Supported]] = defaultdict(list)
    for one in supported:
        groups[one.task].append(one)
    return list(groups.values())


def _spearman(supported: Sequence[Supported]) -> float | None:
    return spearman([one.support for one in supported], [one.faithfulness for one in supported])


def _rating(row: dict[str, Any], place: str) -> Rating:
    marks = row.get("faithfulness")
    if not isinstance(marks, list) or not marks or not all(isinstance(mark, int | float) for mark in marks):
        raise PinciteError(f'{place} has no marks for "faithfulness".', "Mend that line.")
    return Rating(
        text_of(row, "task_id", place), text_of(row, "model", place), text_of(row, "response", place), fmean(marks)
    )
