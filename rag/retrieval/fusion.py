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


def fuse(dense: Sequence[int], lexical: Sequence[Sequence[int]], own: Collection[int]) -> list[tuple[int, float]]:
    """Return (row, score) of every row of ``dense`` and ``lexical``, best first, by reciprocal rank fusion.

    ``lexical`` holds a ranking for each language of the corpus, ``own`` the rows in the question's language; for these
    both legs vote. Elsewhere a missing word says nothing, so dense search has both votes, but the names and figures
    that languages share may speak for a passage: there words replace the second vote only where they rank it higher.
    The score is 1 for a row that is first for both votes, and never 0.
    """
    dense_votes = {row: _vote(rank) for rank, row in enumerate(dense)}
    lexical_votes = {row: _vote(rank) for ranking in lexical for rank, row in enumerate(ranking)}
    scores = {}
    for row in dense_votes | lexical_votes:
        by_meaning, by_words = dense_votes.get(row, 0.0), lexical_votes.get(row, 0.0)
        scores[row] = (by_meaning + (by_words if row in own else max(by_meaning, by_words))) / 2
    return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))


def _vote(rank: int) -> float:
    return (_RANK_CONSTANT + 1) / (_RANK_CONSTANT + 1 + rank)
