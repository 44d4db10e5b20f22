"""Large numbers told in the units of the other language.

English counts in thousands (million, billion), Chinese in ten thousands (万, 亿): a small model that translates 3890亿
writes "3890 billion". In the prompts, and nowhere else, the value stands beside the number or in its place.
"""

from __future__ import annotations

import re
from typing import Literal

_CHINESE = re.compile(r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(万亿|亿|万)")
_ENGLISH = re.compile(
    r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)[ -]?(thousand|million|billion|trillion)\b", re.IGNORECASE
)
_VALUES = {"万亿": 1e12, "亿": 1e8, "万": 1e4, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_ENGLISH_UNITS = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"), (1e3, " thousand"))
_CHINESE_UNITS = ((1e12, "万亿"), (1e8, "亿"), (1e4, "万"))


def with_magnitudes(text: str, language: Literal["en", "zh"]) -> str:
    """Return ``text`` with the value in the units of ``language`` behind each number in those of the other."""
    if language == "en":
        return _CHINESE.sub(lambda match: f"{match.group()} ({_told(match, _ENGLISH_UNITS)})", text)
    return _ENGLISH.sub(lambda match: f"{match.group()}（{_told(match, _CHINESE_UNITS)}）", text)


def converted(text: str, language: Literal["en", "zh"]) -> str:
    """Return ``text`` with each number in the units of the other language put into those of ``language``."""
    if language == "en":
        return _CHINESE.sub(lambda match: f"{_told(match, _ENGLISH_UNITS)} ", text)
    return _ENGLISH.sub(lambda match: _told(match, _CHINESE_UNITS), text)


def _told(match: re.Match[str], units: tuple[tuple[float, str], ...]) -> str:
    value = float(match[1].replace(",", "")) * _VALUES[match[2].lower()]
    size, name = next(((size, name) for size, name in units if value >= size), (1.0, ""))
    return f"{round(value / size, 6):,.6f}".rstrip("0").rstrip(".") + name if size > 1 else f"{value:,.0f}"
