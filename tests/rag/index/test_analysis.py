from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.index.analysis import analyze, content_terms, term_spans


def test_english_words_are_lowercased_stemmed_and_stripped_of_accents() -> None:
    assert analyze("Apple's Companies café") == ["appl", "compani", "cafe"]


def test_inflections_meet() -> None:
    assert analyze("regulations regulated") == analyze("regulation regulates")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("11.1%", ["11.1", "11.1%"]),
        ("11.1 percent", ["11.1", "percent"]),
        ("１１．１％", ["11.1", "11.1%"]),
        ("1,234,567.5", ["1234567.5"]),
        ("1, 2,3", ["1", "2", "3"]),
        ("v1.2.3", ["v1", "2.3"]),
        ("Q3 2024", ["q3", "2024"]),
        ("2024年", ["2024", "年"]),
        ("50GB", ["50gb"]),
    ],
)
def test_numbers_stay_whole(text: str, terms: list[str]) -> None:
    assert analyze(text) == terms


def test_a_name_and_its_number_meet_written_together_or_not() -> None:
    assert analyze("iPhone16") == analyze("iPhone 16")


def test_chinese_is_segmented_into_words_and_the_words_inside_them() -> None:
    assert {"苹果", "大中华区", "中华", "收入"} <= set(analyze("苹果在大中华区的收入"))


def test_full_width_letters_are_folded() -> None:
    assert analyze("Ａｐｐｌｅ") == analyze("apple")


def test_stop_words_of_both_languages_leave_a_question() -> None:
    assert content_terms("Why did Apple choose Alibaba?") == ["appl", "choos", "alibaba"]
    assert content_terms("苹果为什么选择阿里？") == ["苹果", "选择", "阿里"]


def test_a_question_of_stop_words_keeps_them() -> None:
    assert content_terms("what is it?") == ["what", "is", "it"]


def test_encoded_data_is_no_word() -> None:
    assert analyze("a" * 65 + " word") == ["word"]


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("Apple's revenues fell 11.1% in China.", "revenue of Apple: 11.1%", ["Apple's", "revenues", "11.1%"]),
        ("苹果在大中华区的收入下降", "大中华区收入", ["大中华区", "收入"]),
        ("the iPhone 16", "iPhone16", ["iPhone", "16"]),
    ],
)
def test_term_spans_find_the_words_as_they_are_written(text: str, query: str, found: list[str]) -> None:
    assert [span.of(text) for span in term_spans(text, content_terms(query))] == found


@given(st.text(max_size=60))
def test_any_text_is_analysed_the_same_in_any_width_and_its_spans_are_disjoint(text: str) -> None:
    terms = analyze(text)
    assert all(term and not any(character.isspace() for character in term) for term in terms)
    spans = term_spans(text, terms)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
