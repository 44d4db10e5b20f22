from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.normalising import HARD_BREAK, flow_text, join_lines, normalise, one_line


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\r\nb\rc\x0bd\x85e\u2028f\u2029g", "a\nb\nc\nd\ne\nf\ng"),
        ("\ufeffApple", "Apple"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("Ali\u00adbaba \u202etext\u202c", "Alibaba text"),
        ("11.1\u00a0%", "11.1 %"),
        ("a\x00\x07b\tc\n", "ab\tc\n"),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("lone\ud800", "lone"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("苹果　与阿里", "苹果　与阿里"),
    ],
)
def test_normalise(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


@given(st.text(st.characters(), max_size=60))
def test_normalise_is_idempotent_and_keeps_its_promise(raw: str) -> None:
    text = normalise(raw)
    assert normalise(text) == text
    assert unicodedata.is_normalized("NFC", text)
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]


def test_lines_join_by_a_space_but_not_between_chinese_characters() -> None:
    assert join_lines(["Apple chose ", " Alibaba."]) == "Apple chose Alibaba."
    assert join_lines(["苹果与", "阿里巴巴，", "合作。"]) == "苹果与阿里巴巴，合作。"
    assert join_lines(["苹果的", "", "iPhone", "手机"]) == "苹果的 iPhone 手机"


def test_flow_text_keeps_only_hard_breaks() -> None:
    assert flow_text(f"one \n  two\t three{HARD_BREAK}four") == "one two three\nfour"


def test_one_line() -> None:
    assert one_line(" Apple \n in\u2028China ") == "Apple in China"
