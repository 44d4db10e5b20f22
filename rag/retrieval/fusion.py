"""Joins what dense and lexical search found into one ranking."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from statistics import fmean

from rag.domain import Hit

# What was found at all scores more than nothing.
_LEAST = 0.01
# How many candidates of its own a language needs until its mean counts as much as the mean of all.
_PRIOR_CANDIDATES = 5


def above_language(found: Sequence[Mapping[int, float]]) -> dict[int, float]:
    """Return how far each row lies above its language; ``found`` holds {row: closeness} of each language's candidates.

    A multilingual encoder puts texts of one language near each other whatever they say, so that a question would find
    its own language first. What a language's passages have in common is taken away: closeness is compared after the
    mean of the language's own candidates is subtracted (removing the language's mean from the vectors themselves is
    due to Libovický, Rosa and Fraser, 2020). The mean of all counts as some more candidates of each language, for the
    sake of those that have few: a handful of stray pages would come first otherwise.
    """
    everything = [score for rows in found for score in rows.values()]
    if not everything:
        return {}
    overall = fmean(everything)
    prior = [overall] * _PRIOR_CANDIDATES
    usual = [fmean([*prior, *rows.values()]) for rows in found]
    return {row: score - mean for rows, mean in zip(found, usual, strict=True) for row, score in rows.items()}


def fuse(dense: Mapping[int, float], lexical: Mapping[int, float], own: Collection[int]) -> list[tuple[int, float]]:
    """Return (row, score) of every row of ``dense`` and ``lexical``, best first, by a convex combination.

    Scores are brought to [0, 1] and weigh alike (Bruch, Gai and Ingber, 2023): dense ones from the lowest to the
    highest, BM25 ones from 0, which a passage without the words has, to the highest. ``own`` holds the rows that speak
    the question's language. Elsewhere a missing word says nothing, so dense search counts twice, but the names and
    figures that languages share may speak for a passage: there words count only where they score higher.
    """
    by_meaning = _from_lowest(dense)
    by_words = _from_nothing(lexical)
    fused = {}
    for row in by_meaning | by_words:
        meaning, words = by_meaning.get(row, 0.0), by_words.get(row, 0.0)
        fused[row] = (meaning + (words if row in own else max(meaning, words))) / 2
    return sorted(fused.items(), key=lambda scored: (-scored[1], scored[0]))


def joined(rankings: Sequence[Sequence[Hit]]) -> list[Hit]:
    """Return every hit of ``rankings`` once, best first, by its mean score; where it was not found it scores 0.

    Other scores are those of the first ranking that has it.
    """
    known: dict[str, Hit] = {}
    for hit in chain(*rankings):
        before = known.get(hit.passage.id)
        score = hit.score / len(rankings)
        known[hit.passage.id] = replace(before, score=before.score + score) if before else replace(hit, score=score)
    return sorted(known.values(), key=lambda hit: -hit.score)


def _from_lowest(scores: Mapping[int, float]) -> dict[int, float]:
    if not scores:
        return {}
    lowest, highest = min(scores.values()), max(scores.values())
    spread = highest - lowest
    return {row: max(_LEAST, (score - lowest) / spread) if spread else 1.0 for row, score in scores.items()}


def _from_nothing(scores: Mapping[int, float]) -> dict[int, float]:
    highest = max(scores.values(), default=0.0)
    return {row: score / highest if highest else 0.0 for row, score in scores.items()}
