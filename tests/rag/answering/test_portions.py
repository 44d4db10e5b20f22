from collections.abc import Callable
from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.answering.evidence import Evidence
from rag.answering.portions import Portion, Portioning
from rag.chunking.passages import own_sentences
from rag.domain import EvidenceSentence, Passage, Span
from rag.embedding.base import Vectors

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


def vectors_of(passage: Passage) -> Vectors:
    return np.zeros((len(own_sentences(passage)), 4), np.float32)


def portions(question: str, language: Literal["en", "zh"], evidence: Evidence, budget: int) -> list[Portion]:
    return Portioning(vectors_of, words, budget).portions(question, language, evidence)


@pytest.fixture
def three(make_passage: MakePassage) -> Evidence:
    texts = [
        ("Huawei sales rose in spring.", "Tablets sold best of all."),
        ("Rain fell on the hills.", "Snow came late."),
        ("Grass is green in June.", "Cows eat it."),
    ]
    return evidence_of(*(make_passage(*text, document_id=text[0][:4]) for text in texts))


def test_the_first_passage_is_tried_alone_then_more_is_read_then_all(three: Evidence) -> None:
    alone, first, whole = portions("Which sales rose?", "en", three, 30)
    assert [portion.tried for portion in (alone, first, whole)] == [True, False, False]
    assert {line.passage.document_id for line in alone.evidence.sentences} == {"Huaw"}
    assert set(alone.evidence.sentences) < set(first.evidence.sentences) < set(whole.evidence.sentences)
    assert whole.evidence is three
    assert alone.sure > first.sure == whole.sure


def test_what_is_no_more_is_not_read_again(three: Evidence) -> None:
    assert [portion.tried for portion in portions("Which sales rose?", "en", three, 1000)] == [True, False]
    one = evidence_of(three.sentences[0].passage)
    [only] = portions("Which sales rose?", "en", one, 1000)
    assert not only.tried
    nothing = Evidence((), np.zeros((0, 4), np.float32))
    assert [portion.evidence for portion in portions("Which sales rose?", "en", nothing, 0)] == [nothing]


@pytest.mark.parametrize(
    "asked",
    [
        "Which sales of Huawei rose, and what colour does the grass have?",
        "What colours do grass and snow have respectively?",
        "In which seasons do both snow and rain fall?",
    ],
)
def test_the_parts_of_a_question_may_need_a_passage_each(three: Evidence, asked: str) -> None:
    assert not any(portion.tried for portion in portions(asked, "en", three, 30))


def test_where_all_comes_from_one_passage_it_is_tried_from_its_beginning(make_passage: MakePassage) -> None:
    passage = make_passage("Sales rose.", "Rain fell " * 20 + ".", "Tablets sold best.")
    chosen = evidence_of(passage).sentences
    evidence = Evidence((chosen[0], chosen[2]), np.zeros((2, 4), np.float32))
    alone, first = portions("Which sales rose?", "en", evidence, 1000)
    assert [portion.tried for portion in (alone, first)] == [True, False]
    assert [line.text for line in alone.evidence.sentences] == [passage.text_of(span) for span in passage.sentences]
    assert first.evidence.sentences == evidence.sentences


def test_across_languages_no_passage_is_tried_alone(three: Evidence) -> None:
    assert not any(portion.tried for portion in portions("哪家公司的销量上升？", "zh", three, 30))


def test_one_in_the_other_language_is_where_the_rest_is_in_that_of_the_question(
    three: Evidence, make_passage: MakePassage
) -> None:
    foreign = evidence_of(make_passage("华为的销量在春天上升。", document_id="zh")).sentences
    lines = (*foreign, *three.sentences)
    alone = portions("Which sales rose?", "en", Evidence(lines, np.zeros((len(lines), 4), np.float32)), 500)[0]
    assert alone.tried
    assert alone.evidence.sentences == foreign


@pytest.mark.parametrize(("between", "filled"), [(50, True), (70, False)])
def test_alone_it_is_read_from_its_beginning_where_little_is_left_out(
    three: Evidence, make_passage: MakePassage, between: int, filled: bool
) -> None:
    passage = make_passage("Sales rose.", "Rain fell " * (between // 2) + ".", "Tablets sold best.")
    chosen = evidence_of(passage)
    lines = (chosen.sentences[0], chosen.sentences[2], *three.sentences[2:])
    alone = portions("Which sales rose?", "en", Evidence(lines, np.zeros((len(lines), 4), np.float32)), 500)[0]
    assert alone.tried
    assert len(alone.evidence.sentences) == len(alone.evidence.vectors) == (3 if filled else 2)
    assert all(line.text == line.passage.text_of(Span(line.start, line.end)) for line in alone.evidence.sentences)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(budget=st.integers(0, 80))
def test_one_counts_at_least_and_each_reads_more(three: Evidence, budget: int) -> None:
    read = portions("Which sales rose?", "en", three, budget)
    assert not read[-1].tried
    for less, more in pairwise(read):
        read_less, read_more = set(less.evidence.sentences), set(more.evidence.sentences)
        if less.tried and len({line.passage.id for line in read_more}) == 1:
            # A passage that is tried is read from its beginning, even where all that counts is a sentence of it.
            assert read_more < read_less
            assert {line.passage.id for line in read_less} == {line.passage.id for line in read_more}
        else:
            assert read_less < read_more
        assert len(less.evidence.sentences) == len(less.evidence.vectors)
