"""What a number counts. 20 trillion tokens are not 20 trillion parameters, in whichever language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.answering.literals import Literal, extract_literals
from rag.answering.support import Statement

# Units that stand in both languages, and that a small model puts in one another's place.
_UNITS = {
    "tokens": re.compile(r"\btokens?\b|词元", re.IGNORECASE),
    "parameters": re.compile(r"\bparameters?\b|参数", re.IGNORECASE),
    "money": re.compile(r"\b(?:dollars?|yuan|euros?|US\$|RMB)\b|[$€£¥]|美元|欧元|人民币|\d\s?[万亿]?元", re.IGNORECASE),
    "pieces": re.compile(r"\b(?:phones?|smartphones?|units|devices)\b|[0-9万亿]\s?[部台]", re.IGNORECASE),
    "people": re.compile(r"\b(?:people|users|customers|employees)\b|用户|人次|[0-9万亿]\s?人", re.IGNORECASE),
}
# What may stand right behind a number.
_MEASURES = {
    "duration": r"(?:second|minute|min|hour|day|week|month|year)s?\b|秒|分钟|个?小时|天|周|星期|个月|年",
    "mass": r"(?:kilo)?grams?\b|kilos?\b|k?g\b|tonn?es?\b|公斤|千克|克(?!朗)|吨",
    "length": r"(?:kilo|centi|milli)?met(?:re|er)s?\b|[kcm]?m\b|miles?\b|公里|千米|厘米|毫米|米",
    "temperature": r"°|degrees?\b|摄氏度|度",
    "memory": r"[KMGT]B\b",
    "clock": r":\d\d|点",
    "times": r"times\b|[次回]",
    "people": r"people\b|users?\b|customers?\b|employees?\b|members?\b|名|人",
    "money": r"crowns?\b|dollars?\b|yuan\b|euros?\b|pounds?\b|[万亿]?(?:元|美元|欧元|克朗)",
}
_MEASURE = re.compile(r"\s?-?(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _MEASURES.items()) + ")")
_CLAUSE = re.compile(r"[,;，；。](?!\d)")


def of_other_units(claim: Statement, cited: Sequence[Statement]) -> tuple[str, ...]:
    """Return the numbers of ``claim`` that its sources give of something else than the claim does."""
    numbers = [literal for literal in claim.literals if literal.kind == "number"]
    return tuple(
        figure.text for figure in numbers if _measures_else(figure, claim, cited) or _counts_else(figure, claim, cited)
    )


def measure_of(figure: Literal, text: str) -> str | None:
    """Return the kind of unit that stands behind ``figure`` in ``text``; None where none is known."""
    for place in re.finditer(re.escape(figure.text), text):
        if found := _MEASURE.match(text, place.end()):
            return found.lastgroup
    return None


def _measures_else(figure: Literal, claim: Statement, cited: Sequence[Statement]) -> bool:
    """Whether a unit stands right behind ``figure``, and one of another kind wherever a source gives it."""
    measure = measure_of(figure, claim.text)
    stated = [
        measure_of(literal, source.text)
        for source in cited
        for literal in source.literals
        if figure.covered_by([literal])
    ]
    return measure is not None and bool(stated) and all(other not in {None, measure} for other in stated)


def _counts_else(figure: Literal, claim: Statement, cited: Sequence[Statement]) -> bool:
    """Whether each clause of a source that gives ``figure`` names a unit, and none that the claim names."""
    meant = _units_in(claim.text)
    stated = [_units_in(part) for source in cited for part in _clauses_with(figure, source.text)]
    return bool(meant and stated) and all(units and units.isdisjoint(meant) for units in stated)


def _clauses_with(figure: Literal, text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if figure.covered_by(extract_literals(part))]


def _units_in(text: str) -> frozenset[str]:
    return frozenset(unit for unit, pattern in _UNITS.items() if pattern.search(text))
