"""Table rows as lines that can be read, embedded and quoted alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from rag.reading.normalising import one_line

Row = Sequence[str]

_NUMBER = re.compile(r"[-+(]?[\d.,\s]*\d[\d.,\s]*[%)]?")
_YEAR = re.compile(r"(19|20)\d\d")
_LONGEST_HEADER_CELL = 80


def row_line(header: Row, row: Row) -> str:
    """Return a row as "Company: Huawei; Growth: 42%"; empty cells are left out, so is a missing header."""
    cells = []
    for name, value in zip_longest(map(one_line, header), map(one_line, row), fillvalue=""):
        if value:
            cells.append(f"{name}: {value}" if name else value)
    return "; ".join(cells)


def table_lines(header: Row, rows: Iterable[Row]) -> Iterator[str]:
    """Yield a line for each row that is not empty; a table of nothing but a header yields that row."""
    empty = True
    for row in rows:
        line = row_line(header, row)
        if line:
            empty = False
            yield line
    if empty:
        yield row_line((), header)


def sheet_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a table that does not say where its header is.

    Its first row of several cells is the header, unless that looks like data; lines of one cell above are captions.
    """
    remaining = iter(rows)
    for row in remaining:
        if sum(bool(cell.strip()) for cell in row) < 2:
            yield row_line((), row)
        elif looks_like_header(row):
            yield from table_lines(row, remaining)
        else:
            yield from table_lines((), chain([row], remaining))


def looks_like_header(row: Row) -> bool:
    """Return whether a first row names columns: short cells, and no number but a year among them."""
    cells = [one_line(cell) for cell in row]
    if any(len(cell) > _LONGEST_HEADER_CELL for cell in cells):
        return False
    numbers = [cell for cell in cells if _NUMBER.fullmatch(cell)]
    return len(numbers) < sum(map(bool, cells)) and all(_YEAR.fullmatch(number) for number in numbers)
