from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.answering.evidence import Evidence
from rag.answering.portions import portions
from rag.domain import EvidenceSentence, Passage

MakePassage = Callable[..., Passage]


def words(text: str) -> int:
    return len(text.split())


def evidence_of(*passages: Passage) -> Evidence:
    lines = [
        EvidenceSentence(passage.text_of(span), span.start, span.end, passage, relevance=1 / (place + 1))
        for place, passage in enumerate(passages)
        for span in passage.sentences
    ]
    return Evidence(tuple(lines), np.zeros((len(lines), 4), np.float32))


@pytest.fixture
def three(make_passage: MakePassage) -> Evidence:
    texts = [
        ("Huawei sales rose in spring.", "Tablets sold best of all."),
        ("Rain fell on the hills.", "Snow came late."),
        ("Grass is green in June.", "Cows eat it."),
    ]
    return evidence_of(*(make_passage(*text, document_id=text[0][:4]) for text in texts))


def test_the_first_passage_is_tried_alone_then_more_is_read_then_all(three: Evidence) -> None:
    alone, first, whole = portions("Which sales rose?", "en", three, words, 30)
    assert [portion.tried for portion in (alone, first, whole)] == [True, False, False]
    assert {line.passage.document_id for line in alone.evidence.sentences} == {"Huaw"}
    assert set(alone.evidence.sentences) < set(first.evidence.sentences) < set(whole.evidence.sentences)
    assert whole.evidence is three
    assert alone.sure > first.sure == whole.sure


def test_what_is_no_more_is_not_read_again(three: Evidence) -> None:
    assert [portion.tried for portion in portions("Which sales rose?", "en", three, words, 1000)] == [True, False]
    one = evidence_of(three.sentences[0].passage)
    [only] = portions("Which sales rose?", "en", one, words, 1000)
    assert not only.tried
    nothing = Evidence((), np.zeros((0, 4), np.float32))
    assert [portion.evidence for portion in portions("Which sales rose?", "en", nothing, words, 0)] == [nothing]


@pytest.mark.parametrize(
    "asked",
    [
        "Which sales of Huawei rose, and what colour does the grass have?",
        "What colours do grass and snow have respectively?",
        "In which seasons do both snow and rain fall?",
    ],
)
def test_the_parts_of_a_question_may_need_a_passage_each(three: Evidence, asked: str) -> None:
    assert not any(portion.tried for portion in portions(asked, "en", three, words, 30))


def test_across_languages_no_passage_is_tried_alone(three: Evidence) -> None:
    assert not any(portion.tried for portion in portions("哪家公司的销量上升？", "zh", three, words, 30))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(budget=st.integers(0, 80))
def test_one_counts_at_least_and_each_reads_more(three: Evidence, budget: int) -> None:
    read = portions("Which sales rose?", "en", three, words, budget)
    assert not read[-1].tried
    for less, more in pairwise(read):
        assert set(less.evidence.sentences) < set(more.evidence.sentences)
        assert len(less.evidence.sentences) == len(less.evidence.vectors)
