"""Joins what dense and lexical search found into one ranking."""

from __future__ import annotations

from collections.abc import Collection, Sequence

# Reciprocal rank fusion: Cormack, Clarke and Büttcher, 2009, who found 60 to serve everywhere.
_RANK_CONSTANT = 60


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
