"""Walking an HTML tree: what a browser would show, as headings, paragraphs, list items, rows and code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from rag.reading.composing import Composer
from rag.reading.normalising import HARD_BREAK, flow_text, normalise
from rag.reading.tables import Row, row_line, sheet_lines, table_lines

# lxml brings no types.
Element: TypeAlias = Any

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_UNSEEN = frozenset(
    "script style template noscript head title svg math iframe object embed audio video canvas select button input "
    "textarea rt rp".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "header hr html legend main nav p pre section summary caption tr td th tbody thead tfoot li".split()
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
# Larger spans occur only in files that mean harm.
_WIDEST_SPAN = 50


def parse_html(source: str) -> Element:
    """Parse a page or fragment into an lxml tree whose root is <html>; a source without content gives an empty one."""
    from lxml import etree, html  # type: ignore[import-untyped]  # noqa: PLC0415 - only HTML needs it

    source = _XML_DECLARATION.sub("", normalise(source), count=1)
    try:
        return html.document_fromstring(source or "<html></html>", parser=html.HTMLParser(remove_comments=True))
    except etree.ParserError:  # nothing but comments
        return html.document_fromstring("<html></html>")


def remove_unseen(root: Element) -> None:
    """Drop from the tree what a browser runs or hides, leaving the text around it."""
    for element in list(root.iterdescendants()):
        if _is_unseen(element) and element.tag != "head" and element.getparent() is not None:
            element.drop_tree()


def compose_html(root: Element, composer: Composer) -> None:
    """Write the visible content under ``root`` into ``composer``."""
    walker = _Walker(composer)
    walker.walk(root)
    walker.flush()


class _Walker:
    """Collects inline text until a block begins or ends, then writes it as what surrounds it says."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._inline: list[str] = []
        self._list_depth = 0
        self._marker = ""

    def walk(self, element: Element) -> None:
        self._inline.append(element.text or "")
        for child in element:
            if not _is_unseen(child):
                self._visit(child)
            self._inline.append(child.tail or "")

    def flush(self) -> None:
        text = flow_text("".join(self._inline))
        self._inline.clear()
        if not text:
            return
        if self._list_depth:
            self._composer.item(text, self._marker, self._list_depth - 1)
            self._marker = ""
        else:
            self._composer.paragraph(text)

    def _visit(self, element: Element) -> None:
        tag = element.tag
        if tag == "br":
            self._inline.append(HARD_BREAK)
        elif tag in _HEADINGS:
            self.flush()
            self._composer.heading(_HEADINGS[tag], flow_text(_raw_text(element)))
        elif tag == "pre" and element.find("pre") is None:
            self.flush()
            self._composer.code(_raw_text(element).replace(HARD_BREAK, "\n"))
        elif tag in ("ul", "ol", "menu"):
            self._walk_list(element)
        elif tag == "table" and not _is_layout(element):
            self.flush()
            self._composer.lines(_table_lines(element))
        elif tag in _BLOCKS or tag == "table":
            self.flush()
            self.walk(element)
            self.flush()
        else:
            self.walk(element)

    def _walk_list(self, element: Element) -> None:
        self.flush()
        self._list_depth += 1
        number = int(start) if (start := element.get("start", "1")).isdecimal() else 1
        for item in element:
            if _is_unseen(item):
                continue
            self._marker = f"{number}. " if element.tag == "ol" else "- "
            number += 1
            self.walk(item)
            self.flush()
        self._marker = ""
        self._list_depth -= 1


def _is_unseen(element: Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:  # comments and instructions have no name
        return True
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style", "")))


def _raw_text(element: Element) -> str:
    """Return the text under ``element`` as it stands, <br> as a hard break, blocks parted by a space."""
    parts = [element.text or ""]
    for child in element:
        if not _is_unseen(child):
            parts.append(HARD_BREAK if child.tag == "br" else _raw_text(child))
            if child.tag in _BLOCKS:
                parts.append(" ")
        parts.append(child.tail or "")
    return "".join(parts)


def _is_layout(table: Element) -> bool:
    """Return whether the table only arranges the page: it holds headings or other tables."""
    return table.get("role") == "presentation" or any(True for _ in table.iterdescendants("table", *_HEADINGS))


def _table_lines(table: Element) -> Iterator[str]:
    rows = [row for row in table.iter("tr") if not _is_unseen(row)]
    grid = _grid(rows)
    for caption in table.iterchildren("caption"):
        yield flow_text(_raw_text(caption))
    if rows and _is_header(rows[0]):
        yield from table_lines(grid[0], grid[1:])
    elif all(_is_named_value(row) for row in rows):
        yield from (row_line(cells[:1], cells[1:]) for cells in grid)
    else:
        yield from sheet_lines(grid)


def _is_header(row: Element) -> bool:
    cells = list(row.iterchildren("td", "th"))
    return row.getparent().tag == "thead" or (bool(cells) and all(cell.tag == "th" for cell in cells))


def _is_named_value(row: Element) -> bool:
    return [cell.tag for cell in row.iterchildren("td", "th")] == ["th", "td"]


def _grid(rows: list[Element]) -> list[Row]:
    """Return the cells' texts with spans filled in, so that each row is complete by itself."""
    grid: list[Row] = []
    pending: dict[int, tuple[int, str]] = {}  # column -> (rows that it still reaches into, text)
    for row in rows:
        texts: list[str] = []
        cells = row.iterchildren("td", "th")
        cell = next(cells, None)
        while cell is not None or len(texts) in pending:
            column = len(texts)
            if column in pending:
                left, text = pending.pop(column)
                if left > 1:
                    pending[column] = (left - 1, text)
                texts.append(text)
                continue
            text = flow_text(_raw_text(cell))
            for _ in range(_span(cell, "colspan")):
                if (reach := _span(cell, "rowspan")) > 1:
                    pending[len(texts)] = (reach - 1, text)
                texts.append(text)
            cell = next(cells, None)
        grid.append(texts)
    return grid


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), _WIDEST_SPAN) if value.isdecimal() else 1
