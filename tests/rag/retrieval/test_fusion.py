from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Hit, Passage
from rag.retrieval.fusion import above_language, fuse, joined

COSINES = st.dictionaries(st.integers(0, 30), st.floats(-1, 1), max_size=20)
BM25 = st.dictionaries(st.integers(0, 30), st.floats(0, 40), max_size=20)


def order(dense: dict[int, float], lexical: dict[int, float], own: set[int]) -> list[int]:
    return [row for row, _ in fuse(dense, lexical, own)]


def test_a_row_that_both_legs_put_first_scores_one() -> None:
    assert fuse({5: 0.9, 6: 0.8}, {5: 7.0}, {5, 6})[0] == (5, 1.0)


def test_the_scores_are_those_of_a_convex_combination() -> None:
    scores = dict(fuse({1: 0.9, 2: 0.85, 3: 0.7}, {2: 8.0, 4: 2.0}, {1, 2, 3, 4}))
    assert scores == pytest.approx({1: 0.5, 2: (0.75 + 1.0) / 2, 3: 0.005, 4: 0.125})


def test_two_legs_beat_one() -> None:
    assert order({1: 0.9, 2: 0.85, 4: 0.7}, {2: 8.0, 3: 9.0}, {1, 2, 3, 4}) == [2, 1, 3, 4]


def test_how_far_ahead_a_row_is_counts() -> None:
    close, far = {1: 0.90, 2: 0.899, 3: 0.5}, {1: 0.90, 2: 0.6, 3: 0.5}
    assert order(close, {2: 5.0, 1: 4.0}, {1, 2, 3})[0] == 2
    assert order(far, {2: 5.0, 1: 4.0}, {1, 2, 3})[0] == 1


def test_missing_words_do_not_count_against_a_passage_in_another_language() -> None:
    dense = {1: 0.9, 2: 0.85, 3: 0.5}
    assert order(dense, {2: 5.0}, own={2, 3}) == [1, 2, 3]
    assert order(dense, {2: 5.0}, own={1, 2, 3}) == [2, 1, 3]


def test_a_shared_name_lifts_a_passage_in_another_language() -> None:
    scores = dict(fuse({1: 0.9, 2: 0.8, 3: 0.79, 4: 0.7}, {1: 3.0, 3: 3.0}, own={1}))
    assert scores[3] > scores[2]


def test_equal_scores_come_in_the_order_of_rows() -> None:
    assert order({9: 0.5}, {4: 1.0}, {4, 9}) == [4, 9]


@given(COSINES, BM25, st.sets(st.integers(0, 30)))
def test_every_row_is_ranked_once_with_a_score_in_bounds(
    dense: dict[int, float], lexical: dict[int, float], own: set[int]
) -> None:
    fused = fuse(dense, lexical, own)
    scores = [score for _, score in fused]
    assert sorted(row for row, _ in fused) == sorted({*dense, *lexical})
    assert all(0 <= score <= 1 for score in scores)
    assert all(score > 0 for row, score in fused if row in dense)
    assert scores == sorted(scores, reverse=True)


def ranked(found: list[dict[int, float]]) -> list[int]:
    scores = above_language(found)
    return sorted(scores, key=lambda row: -scores[row])


def test_a_language_that_is_nearer_as_a_whole_does_not_win_by_it() -> None:
    own = {0: 0.90} | dict.fromkeys(range(1, 30), 0.88)
    other = {30: 0.84} | dict.fromkeys(range(31, 60), 0.78)
    assert ranked([own, other])[:2] == [30, 0]


def test_the_best_of_a_few_stray_pages_does_not_come_first() -> None:
    own = {0: 0.90, 1: 0.89} | dict.fromkeys(range(2, 50), 0.85)
    stray = {50: 0.84, 51: 0.80, 52: 0.79, 53: 0.78}
    assert ranked([own, stray])[:2] == [0, 1]


def test_one_language_keeps_its_order() -> None:
    assert ranked([{3: 0.9, 1: 0.8, 2: 0.7}]) == [3, 1, 2]
    assert ranked([{}, {3: 0.9}]) == [3]
    assert above_language([{}, {}]) == {}


def test_the_only_passage_of_a_language_is_compared_as_it_is() -> None:
    """With no other passage of its language, nothing is known of what the language adds."""
    assert ranked([{0: 0.9}, {1: 0.85, 2: 0.8, 3: 0.8}])[0] == 0
    assert ranked([{0: 0.7}, {1: 0.85, 2: 0.8, 3: 0.8}])[-1] == 0


def test_a_passage_counts_by_all_rankings() -> None:
    def hit(name: str, score: float) -> Hit:
        return Hit(Passage(name, name, name, 0, 1, "t", "en"), score)

    both = joined([[hit("a", 1.0), hit("b", 0.8)], [hit("b", 0.9), hit("c", 0.7)]])
    assert [found.passage.id for found in both] == ["b", "a", "c"]
    assert [found.score for found in both] == pytest.approx([0.85, 0.5, 0.35])
    assert joined([]) == []
