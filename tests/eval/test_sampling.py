from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from eval.sampling import by_answerability, by_type_and_language, opposite_sample, stratified_sample
from eval.suites import Query

_QUERIES = [
    Query(f"q{i}", "?", "zh" if i % 2 else "en", "set", answerable=i % 4 != 0, type="a" if i % 3 else "b")
    for i in range(100)
]


def test_shares_are_kept() -> None:
    sample = stratified_sample(_QUERIES, 20, by_answerability)
    assert Counter(query.answerable for query in sample) == {True: 15, False: 5}


def test_the_sample_does_not_hang_on_the_order_of_the_file() -> None:
    forward = stratified_sample(_QUERIES, 20, by_answerability)
    backward = stratified_sample(_QUERIES[::-1], 20, by_answerability)
    assert {query.id for query in forward} == {query.id for query in backward}
    assert [query.id for query in forward] != [query.id for query in _QUERIES[:20]]
    assert {query.id for query in stratified_sample(_QUERIES, 20, by_answerability, seed=8)} != {
        query.id for query in forward
    }


def test_every_stratum_is_there() -> None:
    rare = [*_QUERIES, replace(_QUERIES[0], id="rare", type="rare")]
    assert "rare" in {query.id for query in stratified_sample(rare, 10, by_type_and_language)}


@given(st.integers(1, 110), st.integers(0, 100))
@settings(max_examples=50)
def test_size_is_exact(size: int, count: int) -> None:
    sample = stratified_sample(_QUERIES[:count], size, by_type_and_language)
    assert len(sample) == min(size, count)
    assert len({query.id for query in sample}) == len(sample)


def test_the_opposite_sample_holds_other_questions_in_the_same_shares() -> None:
    scored = stratified_sample(_QUERIES, 20, by_answerability)
    fitted = opposite_sample(_QUERIES, 20, by_answerability)
    assert not {query.id for query in scored} & {query.id for query in fitted}
    assert Counter(query.answerable for query in fitted) == {True: 15, False: 5}
    assert opposite_sample(_QUERIES, 100, by_answerability) == tuple(_QUERIES)
