from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import fuse

ROWS = st.lists(st.integers(0, 30), unique=True, max_size=20)


def order(dense: list[int], lexical: list[int], judged: set[int]) -> list[int]:
    return [row for row, _ in fuse(dense, lexical, judged)]


def test_a_row_that_both_votes_put_first_scores_one() -> None:
    assert fuse([5, 6], [5], {5, 6})[0] == (5, 1.0)


def test_the_scores_are_those_of_reciprocal_rank_fusion() -> None:
    scores = dict(fuse([1, 2], [2, 3], {1, 2, 3}))
    best = 2 / 61
    assert scores == pytest.approx({1: (1 / 61) / best, 2: (1 / 62 + 1 / 61) / best, 3: (1 / 62) / best})


def test_two_votes_beat_one() -> None:
    assert order([1, 2], [2, 3], {1, 2, 3}) == [2, 1, 3]


def test_words_do_not_count_against_a_passage_in_another_language() -> None:
    assert order([1, 2], [2], judged={2}) == [1, 2]
    assert order([1, 2], [2], judged={1, 2}) == [2, 1]


def test_equal_scores_come_in_the_order_of_rows() -> None:
    assert order([9], [4], {4, 9}) == [4, 9]


@given(ROWS, ROWS, st.sets(st.integers(0, 30)))
def test_every_row_is_ranked_once_with_a_score_in_bounds(
    dense: list[int], lexical: list[int], judged: set[int]
) -> None:
    judged |= set(lexical)
    fused = fuse(dense, lexical, judged)
    scores = [score for _, score in fused]
    assert sorted(row for row, _ in fused) == sorted({*dense, *lexical})
    assert all(0 < score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
