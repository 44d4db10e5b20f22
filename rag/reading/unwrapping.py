"""Undoing hard line wraps: which lines of a text or page belong to one paragraph."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_LIST_MARKER = re.compile(
    r"\s*(?:[-*+•·●▪‣–]\s|\(?\d{1,3}[.)、]\s?\D|[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+、)"
)
_SENTENCE_END = re.compile("[.!?:。！？：…][\"'”’」』)）\\]]*$")
# Narrower lines were not wrapped: they are verse, or the cells of a table.
_NARROWEST_WRAP = 30
# Proportional fonts: a full line on a page may have this share of the widest line's characters.
_FULL_LINE = 0.85


def group_wrapped(lines: Sequence[str], width: int) -> list[list[int]]:
    """Group the indices of ``lines`` into paragraphs, given the ``width`` in columns that it wraps at (0: it does not).

    A line goes on in the next one when the next one's first word would not have fitted, or when it ends in
    mid-sentence and the next one starts with a small letter. Blank lines end paragraphs and are left out.
    """
    groups: list[list[int]] = []
    open_group = False
    for index, line in enumerate(lines):
        if not line.strip():
            open_group = False
            continue
        if open_group and _continues(lines[index - 1], line, width):
            groups[-1].append(index)
        else:
            groups.append([index])
        open_group = True
    return groups


def wrap_width(lines: Sequence[str]) -> int:
    """Return the width that ``lines`` seem to wrap at: that of the widest but a twentieth."""
    widths = sorted(columns(line.strip()) for line in lines if line.strip())
    return widths[int(0.95 * (len(widths) - 1))] if widths else 0


def columns(text: str) -> int:
    """Return the display width of ``text``: wide and full-width characters count twice."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _continues(line: str, following: str, width: int) -> bool:
    if _LIST_MARKER.match(following):
        return False
    line, following = line.strip(), following.strip()
    first_word = following.split(maxsplit=1)[0]
    if columns(first_word) > 0.5 * width or not first_word.isascii():
        first_word = first_word[0]
    if width >= _NARROWEST_WRAP and columns(line) + 1 + columns(first_word) > _FULL_LINE * width:
        return True
    return following[0].islower() and not _SENTENCE_END.search(line)
