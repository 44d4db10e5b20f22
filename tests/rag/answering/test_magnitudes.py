from __future__ import annotations

from typing import Literal

import pytest

from rag.answering.literals import extract_literals
from rag.answering.magnitudes import converted, with_magnitudes


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("总参数量是3890亿。", "en", "总参数量是3890亿 (389 billion)。"),
        ("36万亿词元", "en", "36万亿 (36 trillion)词元"),
        ("1.5万名用户", "en", "1.5万 (15 thousand)名用户"),
        ("It has 389 billion parameters.", "zh", "It has 389 billion（3,890亿） parameters."),
        ("It sold 46.5 million phones.", "zh", "It sold 46.5 million（4,650万） phones."),
        ("2024年有3000亿。", "zh", "2024年有3000亿。"),
        ("It grew 4% in 2024.", "zh", "It grew 4% in 2024."),
    ],
)
def test_with_magnitudes(text: str, language: Literal["en", "zh"], told: str) -> None:
    assert with_magnitudes(text, language) == told


@pytest.mark.parametrize("number", ["3890亿", "1.2万亿", "5万"])
def test_what_is_told_is_the_same_number(number: str) -> None:
    (own,) = extract_literals(f"{number}个")
    assert all(literal.value == own.value for literal in extract_literals(with_magnitudes(number, "en")))


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("总参数量是3890亿。", "en", "总参数量是389 billion 。"),
        ("It has 389 billion parameters.", "zh", "It has 3,890亿 parameters."),
        ("2024年增长4%。", "en", "2024年增长4%。"),
    ],
)
def test_converted(text: str, language: Literal["en", "zh"], told: str) -> None:
    assert converted(text, language) == told
    assert [literal.value for literal in extract_literals(told)] == [lit.value for lit in extract_literals(text)]
