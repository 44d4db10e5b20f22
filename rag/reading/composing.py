"""Building an Extract piece by piece, so that every span is right by construction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from rag.domain import Heading, Metadata, Page, Span
from rag.reading.base import Extract
from rag.reading.normalising import normalise, one_line

_INDENT = "  "


class Composer:
    """Writes headings and blocks one after the other and notes where they stand.

    A block never holds a line end: each line of a paragraph (a hard break), list item or code is a block of its own.
    Every non-blank character of the text is in exactly one block or heading.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._in_list = False
        self._headings: list[Heading] = []
        self._blocks: list[Span] = []
        self._page_starts: list[tuple[int, int]] = []

    @property
    def headings(self) -> Sequence[Heading]:
        """The headings written so far."""
        return self._headings

    def heading(self, level: int, title: str) -> None:
        """Write a heading on a line of its own; an empty one is left out."""
        title = one_line(title)
        if title:
            span = self._write_line(title, gap=2)
            self._headings.append(Heading(level, title, span.start, span.end))

    def paragraph(self, text: str) -> None:
        """Write a paragraph, set off by a blank line."""
        gap = 2
        for line in _lines(text):
            self._blocks.append(self._write_line(line, gap))
            gap = 1

    def lines(self, lines: Iterable[str]) -> None:
        """Write lines that belong together (the rows of a table), set off by a blank line."""
        self.paragraph("\n".join(lines))

    def item(self, text: str, marker: str = "", depth: int = 0) -> None:
        """Write a list item, or with no ``marker`` the continuation of one; items follow each other tightly."""
        gap = 1 if self._in_list else 2
        for line in _lines(text):
            indent = _INDENT * (depth if marker else depth + 1)
            self._blocks.append(self._write_line(marker + line, gap, indent))
            self._in_list, marker, gap = True, "", 1

    def code(self, text: str) -> None:
        """Write code as it stands: indentation and blank lines are kept, each line is a block."""
        gap = 2
        for line in normalise(text).strip("\n").split("\n"):
            if line.strip():
                self._blocks.append(self._write_line(line, gap, line[: len(line) - len(line.lstrip())]))
                gap = 0
            gap += 1

    def start_page(self, number: int, back: int = 0) -> None:
        """What is written from here on stands on page ``number``, and so do the last ``back`` characters."""
        self._page_starts.append((number, self._length - back))

    def finish(self, title: str = "", metadata: Metadata | None = None) -> Extract:
        """Return what was written."""
        return Extract(
            text="".join(self._parts),
            title=one_line(title),
            metadata=metadata or {},
            headings=tuple(self._headings),
            pages=tuple(self._pages()),
            blocks=tuple(self._blocks),
        )

    def _write_line(self, text: str, gap: int, indent: str = "") -> Span:
        self._in_list = False
        text = text.strip()
        before = ("\n" * gap if self._length else "") + indent
        start = self._length + len(before)
        self._parts += (before, text)
        self._length = start + len(text)
        return Span(start, self._length)

    def _pages(self) -> Iterable[Page]:
        """Trim the blank lines off each page's range and leave out pages without text."""
        text = "".join(self._parts)
        bounds = [*self._page_starts, (0, self._length)]
        for (number, start), (_, end) in pairwise(bounds):
            content = text[start:end]
            if content.strip():
                lead, tail = len(content) - len(content.lstrip()), len(content) - len(content.rstrip())
                yield Page(number, start + lead, end - tail)


def _lines(text: str) -> list[str]:
    """Return the lines of ``text`` that are not blank, normalised."""
    return [stripped for line in normalise(text).split("\n") if (stripped := line.strip())]
