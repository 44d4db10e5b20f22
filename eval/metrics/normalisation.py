"""One form for the many spellings of an answer, so that 百分之十一点一, 11.1 percent and 11.1% are the same tokens."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

_ENGLISH_UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_ENGLISH_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_ENGLISH_NUMBER = re.compile(
    rf"\b(?:({'|'.join(_ENGLISH_TENS)})(?:[ -]({'|'.join(list(_ENGLISH_UNITS)[1:10])}))?"
    rf"|({'|'.join(_ENGLISH_UNITS)}))\b"
)
_CHINESE_DIGITS = {"零": 0, "〇": 0, "两": 2} | {
    digit: value for value, digit in enumerate("一二三四五六七八九", start=1)
}
_CHINESE_UNITS = {"十": 10, "百": 100, "千": 1000}
_CHINESE_NUMBER = re.compile(
    r"[十零〇一二两三四五六七八九][零〇一二两三四五六七八九十百千万亿]*(?:点[零〇一二三四五六七八九]+)?"
)
_MAGNITUDES = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "千": 10**3,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}
_MAGNITUDE = re.compile(rf"(\d+(?:\.\d+)?)[ -]?({'|'.join(sorted(_MAGNITUDES, key=len, reverse=True))})s?(?![a-z])")
_THOUSANDS_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_PERCENT_WORD = re.compile(r"(?<=\d)\s*(?:percent|per cent|pct)\b")
_CHINESE_PERCENT = re.compile(r"百分之\s*([零〇一二两三四五六七八九十百点]+|\d+(?:\.\d+)?)")
_ABBREVIATION = re.compile(r"\b(?:[a-z]\.){2,}")
_TOKEN = re.compile(r"\d+(?:\.\d+)*|%|[\u3400-\u9fff\uf900-\ufaff]|[^\W\d_\u3400-\u9fff\uf900-\ufaff]+")
_ARTICLES = frozenset({"a", "an", "the"})


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """Return the tokens of ``text``: numbers, "%", single Han characters, words of other scripts.

    Case, width, spaces, punctuation, English articles and thousands separators are gone; number words of both
    languages are digits, magnitudes are written out (3.5亿 and 350 million are 350000000).
    """
    return tuple(token for token in _TOKEN.findall(_normalised(text)) if token not in _ARTICLES)


def contains(text: str, form: str) -> bool:
    """Return whether the tokens of ``form`` stand in ``text`` side by side: "1" not in "11", nor "app" in "apple"."""
    whole, part = tokens(text), tokens(form)
    return bool(part) and any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))


def _normalised(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _ABBREVIATION.sub(lambda match: match[0].replace(".", ""), text)
    text = _CHINESE_PERCENT.sub(r"\1%", text)
    text = _ENGLISH_NUMBER.sub(_english_number, text)
    text = _CHINESE_NUMBER.sub(lambda match: _chinese_number(match[0]), text)
    text = _THOUSANDS_SEPARATOR.sub("", text)
    text = _MAGNITUDE.sub(lambda match: _plain(Decimal(match[1]) * _MAGNITUDES[match[2]]), text)
    return _PERCENT_WORD.sub("%", text)


def _english_number(match: re.Match[str]) -> str:
    tens, unit, single = match.groups()
    return str(_ENGLISH_UNITS[single] if single else _ENGLISH_TENS[tens] + (_ENGLISH_UNITS[unit] if unit else 0))


def _chinese_number(numeral: str) -> str:
    """Return the digits of a Chinese numeral, or the numeral itself where it is not well formed (三四百)."""
    whole, _, fraction = numeral.partition("点")
    decimals = "." + "".join(str(_CHINESE_DIGITS[digit]) for digit in fraction) if fraction else ""
    if all(character in _CHINESE_DIGITS for character in whole):
        return "".join(str(_CHINESE_DIGITS[digit]) for digit in whole) + decimals
    total = section = 0
    digit: int | None = None
    for character in whole:
        if character in _CHINESE_DIGITS:
            if digit:
                return numeral
            digit = _CHINESE_DIGITS[character]
        elif character in _CHINESE_UNITS:
            section += (1 if digit is None else digit) * _CHINESE_UNITS[character]
            digit = None
        else:
            section += digit or 0
            # 万 multiplies what stands since 亿, 亿 all that stands before it (三万亿).
            total = total + section * 10**4 if character == "万" else (total + section) * 10**8
            section, digit = 0, None
    return str(total + section + (digit or 0)) + decimals


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
