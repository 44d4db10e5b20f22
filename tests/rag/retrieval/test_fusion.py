from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import fuse, merge_languages

ROWS = st.lists(st.integers(0, 30), unique=True, max_size=20)


def order(dense: list[int], lexical: list[int], own: set[int]) -> list[int]:
    return [row for row, _ in fuse(dense, [lexical], own)]


def test_a_row_that_both_votes_put_first_scores_one() -> None:
    assert fuse([5, 6], [[5]], {5, 6})[0] == (5, 1.0)


def test_the_scores_are_those_of_reciprocal_rank_fusion() -> None:
    scores = dict(fuse([1, 2], [[2, 3]], {1, 2, 3}))
    best = 2 / 61
    assert scores == pytest.approx({1: (1 / 61) / best, 2: (1 / 62 + 1 / 61) / best, 3: (1 / 62) / best})


def test_two_votes_beat_one() -> None:
    assert order([1, 2], [2, 3], {1, 2, 3}) == [2, 1, 3]


def test_missing_words_do_not_count_against_a_passage_in_another_language() -> None:
    assert order([1, 2], [2], own={2}) == [1, 2]
    assert order([1, 2], [2], own={1, 2}) == [2, 1]


def test_a_shared_name_lifts_a_passage_in_another_language() -> None:
    scores = dict(fuse([1, 2, 3], [[1], [3]], own={1}))
    assert scores[3] > scores[2]


def test_equal_scores_come_in_the_order_of_rows() -> None:
    assert order([9], [4], {4, 9}) == [4, 9]


@given(ROWS, ROWS, st.sets(st.integers(0, 30)))
def test_every_row_is_ranked_once_with_a_score_in_bounds(dense: list[int], lexical: list[int], own: set[int]) -> None:
    fused = fuse(dense, [lexical], own)
    scores = [score for _, score in fused]
    assert sorted(row for row, _ in fused) == sorted({*dense, *lexical})
    assert all(0 < score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)


def test_a_language_that_is_nearer_as_a_whole_does_not_win_by_it() -> None:
    own = [(0, 0.90), (1, 0.89), (2, 0.89), (3, 0.88)]
    other = [(4, 0.84), (5, 0.79), (6, 0.78), (7, 0.78)]
    assert merge_languages([own, other])[:2] == [4, 0]


def test_one_language_keeps_its_order() -> None:
    assert merge_languages([[(3, 0.9), (1, 0.8), (2, 0.8)]]) == [3, 1, 2]
    assert merge_languages([[], [(3, 0.9)]]) == [3]
    assert merge_languages([[], []]) == []


def test_the_only_passage_of_a_language_is_compared_as_it_is() -> None:
    """With no other passage of its language, nothing is known of what the language adds."""
    assert merge_languages([[(0, 0.9)], [(1, 0.85), (2, 0.8), (3, 0.8)]])[0] == 0
    assert merge_languages([[(0, 0.7)], [(1, 0.85), (2, 0.8), (3, 0.8)]])[-1] == 0
