"""Joins what dense and lexical search found into one ranking."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from statistics import fmean

# Reciprocal rank fusion: Cormack, Clarke and Büttcher, 2009, who found 60 to serve everywhere.
_RANK_CONSTANT = 60


def merge_languages(found: Sequence[Sequence[tuple[int, float]]]) -> list[int]:
    """Merge what dense search found in each language, (row, cosine) each, into one ranking of rows.

    A multilingual encoder puts texts of one language near each other whatever they say, so that a question would find
    its own language first. What a language's passages have in common is taken away: cosines are compared after the
    mean of the language's own candidates is subtracted (removing the language's mean from the vectors themselves is
    due to Libovický, Rosa and Fraser, 2020). The mean of all counts as one more candidate of each language, for the
    sake of those that have next to none.
    """
    everything = [score for hits in found for _, score in hits]
    if not everything:
        return []
    overall = fmean(everything)
    above = [(score - fmean([overall, *(s for _, s in hits)]), row) for hits in found for row, score in hits]
    return [row for _, row in sorted(above, key=lambda scored: (-scored[0], scored[1]))]


def fuse(dense: Sequence[int], lexical: Sequence[int], judged: Collection[int]) -> list[tuple[int, float]]:
    """Return (row, score) of every row of ``dense`` and ``lexical``, both best first, by reciprocal rank fusion.

    ``judged`` holds the rows that lexical search could have returned: those in the question's language. Across
    languages words say nothing, so the others are ranked by dense search alone, which then has both votes; with one
    vote they would stand behind every passage that has two. The score is 1 for a row that is first for every vote,
    and never 0.
    """
    dense_votes = {row: _vote(rank) for rank, row in enumerate(dense)}
    lexical_votes = {row: _vote(rank) for rank, row in enumerate(lexical)}
    scores = {}
    for row in dict.fromkeys([*dense, *lexical]):
        vote = dense_votes.get(row, 0.0)
        scores[row] = (vote + (lexical_votes.get(row, 0.0) if row in judged else vote)) / 2
    return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))


def _vote(rank: int) -> float:
    return (_RANK_CONSTANT + 1) / (_RANK_CONSTANT + 1 + rank)
