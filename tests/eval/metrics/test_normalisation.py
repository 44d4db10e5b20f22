from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.normalisation import contains, tokens


@pytest.mark.parametrize(
    "spellings",
    [
        ("11.1%", "11.1 percent", "11.1 per cent", "１１．１％", "百分之十一点一", "百分之11.1"),
        ("1.2亿", "120 million", "一亿两千万", "120,000,000", "1.2 亿"),
        ("三万亿", "3 trillion", "3万亿"),
        ("2024年第三季度", "二〇二四年第三季度", "2024 年第 3 季度"),
        ("forty-two", "42", "四十二", "Forty Two"),
        ("一千零五", "1,005", "1005"),
        ("The U.S. market", "US market", "us Market."),
        ("iPhone 16", "iPhone16", "《iPhone 16》"),
        ("百分之零点三", "0.3%"),
    ],
)
def test_spellings_of_one_thing_are_the_same_tokens(spellings: tuple[str, ...]) -> None:
    assert len({tokens(spelling) for spelling in spellings}) == 1
    assert tokens(spellings[0])


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Revenue fell 11.1% year over year.", "11.1 percent"),
        ("苹果在大中华区的收入下降了百分之十一点一。", "11.1%"),
        ("苹果选择了阿里巴巴（Alibaba）。", "alibaba"),
        ("Sales fell by 0.3 %.", "0.3"),
        ("拦截了4次", "四次"),
        ("It was Apple's choice", "Apple"),
    ],
)
def test_contains(text: str, form: str) -> None:
    assert contains(text, form)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("It fell 11.1%.", "1.1%"),
        ("It fell 11 points.", "1"),
        ("There were 42 of them.", "4"),
        ("The applepie", "apple"),
        ("It grew 4.", "4%"),
        ("anything", "。"),
        ("", "x"),
        ("two one", "one two"),
    ],
)
def test_does_not_contain(text: str, form: str) -> None:
    assert not contains(text, form)


@pytest.mark.parametrize("idiom", ["三四百", "百度", "通义千问", "千万不要"])
def test_characters_that_are_no_number_stay(idiom: str) -> None:
    assert tokens(idiom) == tuple(idiom)


@given(st.integers(0, 10**12))
def test_thousands_separators_do_not_matter(number: int) -> None:
    assert tokens(f"{number:,}") == tokens(str(number)) == (str(number),)


def _chinese(number: int) -> str:
    """Write 1..9999 in full, by the schoolbook rule."""
    digits, units = "零一二三四五六七八九", ("千", "百", "十", "")
    parts = [digits[int(d)] + u if d != "0" else "零" for d, u in zip(f"{number:04}", units, strict=True)]
    written = "".join(parts).strip("零")
    while "零零" in written:
        written = written.replace("零零", "零")
    return written


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_chinese_numerals_are_read(low: int, high: int) -> None:
    text = f"{_chinese(high)}万零{_chinese(low)}" if high else _chinese(low)
    assert tokens(text) == (str(high * 10_000 + low),)


@given(st.text(max_size=60))
def test_text_contains_itself(text: str) -> None:
    assert contains(text, text) == bool(tokens(text))
