"""Parts a document at its headings, so that no passage mixes two subjects."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.chunking.sentences import split_sentences
from rag.domain import Document, Heading, Span

# What may stand before a title or a list item on its line: "## ", "- ", "3) ", "> 1. ".
_MARKS = re.compile(r"(?:[ \t]|[-*+#>•|]|\d{1,3}[.)]){0,16}")
_LONGEST_MARKS = 32
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Section:
    """The span from a heading's line up to the next heading's, with the titles that lead to it, outermost first."""

    start: int
    end: int
    heading_path: tuple[str, ...]
    has_body: bool


def split_sections(document: Document) -> list[Section]:
    """Return the sections of ``document`` in order; together they are its whole text.

    A heading with nothing under it joins what follows when that is its own subsection, whose heading path names it
    anyway: alone it would only crowd the results with a title. Other headings in a row without text (a table of
    contents) become one section under the titles they share.
    """
    sections: list[Section] = []
    for section in _plain_sections(document):
        if sections and not sections[-1].has_body:
            opened = sections[-1]
            shared = _shared(opened.heading_path, section.heading_path)
            if shared == opened.heading_path != section.heading_path:
                sections[-1] = replace(section, start=opened.start)
                continue
            if not section.has_body:
                sections[-1] = replace(section, start=opened.start, heading_path=shared)
                continue
        sections.append(section)
    return sections


def section_sentences(document: Document, sections: list[Section]) -> Iterator[list[Span]]:
    """Yield the sentences of each section in turn; none crosses the border of a block."""
    borders = sorted(
        {line_start(document.text, block.start) for block in document.blocks} | {block.end for block in document.blocks}
    )
    for section in sections:
        inner = borders[bisect_right(borders, section.start) : bisect_left(borders, section.end)]
        parts = pairwise((section.start, *inner, section.end))
        yield [span for start, end in parts for span in split_sentences(document.text, start, end)]


def line_start(text: str, position: int) -> int:
    """Return the start of the line where only marks such as ``## `` stand before ``position``, else ``position``."""
    start = text.rfind("\n", max(0, position - _LONGEST_MARKS), position) + 1
    if start == 0 and position > _LONGEST_MARKS:
        return position
    return start if _MARKS.fullmatch(text, start, position) else position


def _plain_sections(document: Document) -> Iterator[Section]:
    start = body = 0
    path: tuple[str, ...] = ()
    open_headings: list[Heading] = []
    for heading in sorted(document.headings, key=lambda heading: heading.start):
        border = max(start, line_start(document.text, heading.start))
        if border > start:
            yield _section(document, start, border, body, path)
        open_headings = [outer for outer in open_headings if outer.level < heading.level] + [heading]
        start, body, path = border, heading.end, tuple(outer.title for outer in open_headings)
    if len(document.text) > start:
        yield _section(document, start, len(document.text), body, path)


def _section(document: Document, start: int, end: int, body: int, path: tuple[str, ...]) -> Section:
    return Section(start, end, path, _WORD.search(document.text, body, end) is not None)


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Return the titles that both paths start with."""
    length = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]
