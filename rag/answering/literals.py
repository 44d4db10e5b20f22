"""The hard facts inside a sentence - numbers, percentages, dates, quarters - in a form that can be compared.

"11.1%", "11.1 percent" and "百分之十一点一" are one literal; so are "Q3 2024" and "2024年第三季度". A literal of a
claim is covered when its source holds the same literal or a more precise one (a full date covers its year).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal as TypingLiteral

Kind = TypingLiteral["number", "percent", "date", "quarter"]


@dataclass(frozen=True, slots=True)
class Literal:
    """A comparable fact. ``value`` is (number,), (year, month, day) or (year, quarter); None is unsaid."""

    kind: Kind
    value: tuple[float | None, ...]
    text: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether it counts or measures something."""
        return self.kind in {"number", "percent"}

    @property
    def is_time(self) -> bool:
        """Whether it says when."""
        return self.kind in {"date", "quarter"}

    def covered_by(self, source: Iterable[Literal]) -> bool:
        """Whether some literal of ``source`` states this one, perhaps more precisely."""
        return any(_covers(other, self) for other in source)


_MONTHS = "january february march april may june july august september october november december".split()
_MONTH_NUMBER = (
    {name: index for index, name in enumerate(_MONTHS, 1)}
    | {name[:3]: index for index, name in enumerate(_MONTHS, 1)}
    | {"sept": 9}
)
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTH_NUMBER, key=len, reverse=True))})\.?"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_MAGNITUDES = {
    "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mn": 1e6, "bn": 1e9,
    "千": 1e3, "万": 1e4, "萬": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "億": 1e8, "万亿": 1e12,
}  # fmt: skip
_SUFFIXES = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}  # 256K tokens, 72B parameters
_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_NUMBER = r"[零〇一二三四五六七八九十百千万亿两]+(?:点[零〇一二三四五六七八九]+)?"
_DECIMAL = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_COUNTED = "个|家|款|项|名|条|种|部|次|年|月|日|号|人|天|倍|成|位|大|类|级|万|亿|层|代|亿元|万元"

# ASCII: a letter or digit ends a word, a Chinese character does not, since nothing stands between words there.
_FLAGS = re.IGNORECASE | re.ASCII
_DATE_PATTERNS = (
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)", _FLAGS),
    re.compile(
        r"(?P<year>\d{4}|[零〇一二三四五六七八九]{4})年(?:(?P<month>\d{1,2}|[一二三四五六七八九十]+)月(?:(?P<day>\d{1,2}|[一二三四五六七八九十]+)[日号])?)?"
    ),
    re.compile(r"(?<!\d)(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})[日号])?"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?P<year>\d{{4}})\b", _FLAGS),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b", _FLAGS),
    re.compile(rf"\b{_MONTH},? (?:of )?(?P<year>\d{{4}})\b", _FLAGS),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH}\b", _FLAGS),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?! percent|%|\.\d)", _FLAGS),
)
_QUARTER_PATTERNS = (
    re.compile(r"\b(?P<year>\d{4})[,年]? ?Q(?P<quarter>[1-4])\b", _FLAGS),
    re.compile(r"\bQ(?P<quarter>[1-4])(?:,? (?:of )?(?P<year>\d{4}))?\b", _FLAGS),
    re.compile(
        rf"\b(?P<quarter>{'|'.join(_ORDINALS)})[ -](?:fiscal )?quarter(?:,? (?:of )?(?:fiscal )?(?P<year>\d{{4}}))?\b",
        _FLAGS,
    ),
    re.compile(r"(?:(?P<year>\d{4})年?)?第?(?P<quarter>[一二三四1-4])季度"),
)
_PERCENT_PATTERN = re.compile(
    rf"(?P<number>{_DECIMAL})\s?(?:%|percent\b|per cent\b|个百分点|percentage points?\b)|百分之(?P<han>{_HAN_NUMBER})",
    _FLAGS,
)
_NUMBER_PATTERN = re.compile(
    rf"(?<![\w.])(?:[$€£¥])?(?P<number>{_DECIMAL})"
    r"(?:[ -]?(?P<magnitude>thousand|million|billion|trillion|mn\b|bn\b|百万|千万|万亿|[千万萬亿億])"
    r"|(?P<suffix>(?-i:[KMBT]))(?![A-Za-z0-9]))?",
    _FLAGS,
)
_HAN_NUMBER_PATTERN = re.compile(rf"(?P<han>{_HAN_NUMBER})(?={_COUNTED})")
_WORD_NUMBER_PATTERN = re.compile(rf"\b(?P<word>{'|'.join(_NUMBER_WORDS)})\b", _FLAGS)
# TC260-003 is a name.
_CODE = re.compile(r"\b[A-Z]+\d+-\d+\b", _FLAGS)
_YEAR = re.compile(r"(?<![\w.])(?P<year>(?:1[5-9]|20)\d{2})(?![\d%]|\.\d)", _FLAGS)


def extract_literals(text: str) -> list[Literal]:
    """Return the numbers, percentages, dates and quarters of ``text``, in no particular order.

    Each stretch of text is read once, by the most specific reading: "2024年第三季度" is a quarter, not a number.
    """
    rest = _CODE.sub(" ", unicodedata.normalize("NFKC", text))
    found: list[Literal] = []
    for patterns, build in (
        (_QUARTER_PATTERNS, _quarter),
        (_DATE_PATTERNS, _date),
        ((_PERCENT_PATTERN,), _percent),
        ((_YEAR,), _date),
        ((_NUMBER_PATTERN, _HAN_NUMBER_PATTERN, _WORD_NUMBER_PATTERN), _number),
    ):
        for pattern in patterns:
            matches = list(pattern.finditer(rest))
            found += [literal for match in matches if (literal := build(match)) is not None]
            for match in matches:
                rest = rest[: match.start()] + " " * (match.end() - match.start()) + rest[match.end() :]
    return found


def han_to_number(text: str) -> float:
    """Return the value of a Chinese numeral such as 十一点一, 二〇二四 or 三千五百万."""
    whole, _, fraction = text.partition("点")
    decimals = float("0." + "".join(str(_HAN_DIGITS[c]) for c in fraction)) if fraction else 0.0
    if len(whole) > 1 and all(character in _HAN_DIGITS for character in whole):
        return float("".join(str(_HAN_DIGITS[c]) for c in whole)) + decimals
    total = section = digit = 0
    for character in whole:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif character in _HAN_UNITS:
            section += (digit or 1) * _HAN_UNITS[character]
            digit = 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        else:
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
    return total + section + digit + decimals


def _covers(source: Literal, claim: Literal) -> bool:
    if source.kind == claim.kind:
        return len(source.value) == len(claim.value) and all(
            wanted is None or wanted == given for wanted, given in zip(claim.value, source.value, strict=True)
        )
    if claim.kind == "date" and source.kind == "quarter":
        return claim.value == (source.value[0], None, None)
    # "2024" may be read as a number on one side and as a year on the other.
    return (
        {source.kind, claim.kind} == {"number", "date"}
        and claim.value[0] == source.value[0]
        and claim.value[1:]
        in {
            (),
            (None, None),
        }
    )


def _quarter(match: re.Match[str]) -> Literal:
    name = match["quarter"].lower()
    quarter = _ORDINALS.get(name) or _HAN_DIGITS.get(name) or int(name)
    return Literal("quarter", (float(match["year"]) if match["year"] else None, float(quarter)), match.group())


def _date(match: re.Match[str]) -> Literal | None:
    parts = match.groupdict()
    year, month, day = (_calendar_number(parts.get(name)) for name in ("year", "month", "day"))
    if (month or 1) > 12 or (day or 1) > 31:
        return None
    return Literal("date", (year, month, day), match.group())


def _calendar_number(text: str | None) -> float | None:
    if not text:
        return None
    if text.isdigit():
        return float(text)
    return float(_MONTH_NUMBER[text.lower()]) if text.lower() in _MONTH_NUMBER else han_to_number(text)


def _percent(match: re.Match[str]) -> Literal:
    value = float(match["number"].replace(",", "")) if match["number"] else han_to_number(match["han"])
    return Literal("percent", (value,), match.group())


def _number(match: re.Match[str]) -> Literal | None:
    parts = match.groupdict()
    if parts.get("word") or parts.get("han"):
        value = _NUMBER_WORDS[parts["word"].lower()] if parts.get("word") else han_to_number(parts["han"])
        # "one" and 一 mostly count nothing: "one of", 这一年.
        return Literal("number", (float(value),), match.group()) if value != 1 else None
    scale = _MAGNITUDES[parts["magnitude"].lower()] if parts.get("magnitude") else 1.0
    scale = _SUFFIXES[parts["suffix"]] if parts.get("suffix") else scale
    return Literal("number", (round(float(parts["number"].replace(",", "")) * scale, 6),), match.group())
