"""Whether a claim says that something rose where its source says that it fell, or the other way round.

A small model that was asked how much a figure fell says that it fell, whatever the source says; every other word of
such a claim stands in the source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from rag.answering.literals import extract_literals
from rag.answering.support import Statement

Direction: TypeAlias = Literal["up", "down"]

# "Fell short" and "falls under" move nothing.
_WORDS: dict[Direction, re.Pattern[str]] = {
    "up": re.compile(
        r"\b(?:ris(?:e|es|en|ing)|rose|gr(?:ow|ows|ew|own|owing|owth)|increas(?:e|es|ed|ing)|climb(?:s|ed|ing)?"
        r"|surg(?:e|es|ed|ing)|soar(?:s|ed|ing)?|jump(?:s|ed|ing)?|up(?= (?:by )?\d))\b"
        r"|(?<![\w%])\+(?=\d)|上升|上涨|增长|增加|提高|攀升|增至|升至",
        re.IGNORECASE,
    ),
    "down": re.compile(
        r"\b(?:(?:fall(?:s|en|ing)?|fell)(?! short| under| within| into| back| behind| on\b)|declin(?:e|es|ed|ing)"
        r"|decreas(?:e|es|ed|ing)|drop(?:s|ped|ping)?|shr(?:ink|inks|ank|unk|inking)|plung(?:e|es|ed|ing)"
        r"|slump(?:s|ed|ing)?|down(?= (?:by )?\d))\b"
        r"|(?<![\w%])[-\u2212](?=\d)|下降|下跌|下滑|减少|降低|萎缩|降至|跌至",
        re.IGNORECASE,
    ),
}


def direction_of(text: str) -> Direction | None:
    """Return which way ``text`` says that things went; None where it says neither, or both."""
    found: list[Direction] = [direction for direction, words in _WORDS.items() if words.search(text)]
    return found[0] if len(found) == 1 else None


def turned_round(claim: Statement, sources: Sequence[Statement]) -> tuple[str, ...]:
    """Return the words for rising or falling in ``claim`` that its sources turn round.

    Clauses are compared: one of the claim with those of the sources that give one of its figures, or, where it gives
    none, that share a word with it. What one of them confirms is not turned round by another.
    """
    turned = []
    for clause in claim.clauses:
        claimed = direction_of(clause.text)
        if claimed is None:
            continue
        stated = {direction_of(part.text) for source in sources for part in source.clauses if _concerns(part, clause)}
        if stated - {None} and claimed not in stated:
            turned += [match[0] for match in _WORDS[claimed].finditer(clause.text)][:1]
    return tuple(turned)


def _concerns(source: Statement, clause: Statement) -> bool:
    figures = [literal for literal in extract_literals(clause.text) if literal.is_figure]
    if figures:
        stated = extract_literals(source.text)
        return any(figure.covered_by(stated) for figure in figures)
    words = frozenset(term for term in clause.terms if direction_of(term) is None)
    return not words.isdisjoint(source.terms)
