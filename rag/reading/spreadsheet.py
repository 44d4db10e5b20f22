"""Spreadsheets: every row one line that can be read alone, "Company: Huawei; Quarter: 2024Q3; Growth: 42%"."""

from __future__ import annotations

import csv
import datetime
import warnings
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias

from rag.errors import UnreadableFileError
from rag.reading.archives import MAX_UNPACKED_BYTES, check_archive
from rag.reading.base import Extract
from rag.reading.composing import Composer
from rag.reading.encoding import decode
from rag.reading.normalising import normalise
from rag.reading.tables import Row, sheet_lines

# openpyxl brings no types.
Sheet: TypeAlias = Any

_DELIMITERS = ",\t;|"
_SAMPLE_LINES = 20


class CsvReader:
    """Reads tables as text, parted by commas, tabs, semicolons or bars."""

    format = "csv"

    def read(self, path: Path) -> Extract:
        """See ``Reader``."""
        lines = normalise(decode(path.read_bytes())).splitlines(keepends=True)
        rows = csv.reader(lines, delimiter=_delimiter(lines[:_SAMPLE_LINES]))
        composer = Composer()
        try:
            composer.lines(sheet_lines(rows))
        except csv.Error as error:
            raise UnreadableFileError(f"broken CSV at line {rows.line_num}: {error}", "Mend that line.") from error
        return composer.finish()


def _delimiter(sample: list[str]) -> str:
    """Return the delimiter that parts the sample into the most columns, counted on its narrowest row."""

    def narrowest(delimiter: str) -> int:
        try:
            return min((len(row) for row in csv.reader(sample, delimiter=delimiter) if row), default=0)
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=narrowest)


class XlsxReader:
    """Reads XLSX: a heading per visible sheet, formulas as the values last computed."""

    format = "xlsx"

    def read(self, path: Path) -> Extract:
        """See ``Reader``."""
        from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - only XLSX needs it

        check_archive(path, largest_tree=MAX_UNPACKED_BYTES)  # sheets are streamed
        composer = Composer()
        with path.open("rb") as stream, warnings.catch_warnings():
            # It warns of styles and extensions that it leaves out; their text is unaffected.
            warnings.filterwarnings("ignore", module="openpyxl")
            with closing(load_workbook(stream, read_only=True, data_only=True, keep_links=False)) as workbook:
                for sheet in workbook.worksheets:
                    if sheet.sheet_state == "visible":
                        _compose_sheet(sheet, composer)
        return composer.finish()


def _compose_sheet(sheet: Sheet, composer: Composer) -> None:
    sheet.reset_dimensions()  # a wrong size in the file would pad or cut the rows
    lines = list(sheet_lines(_rows(sheet)))
    if lines:
        composer.heading(2, sheet.title)
        composer.lines(lines)


def _rows(sheet: Sheet) -> Iterator[Row]:
    for row in sheet.iter_rows():
        yield [_cell_text(cell.value, getattr(cell, "number_format", "")) for cell in row]


def _cell_text(value: object, number_format: str | None) -> str:
    """Return what the sheet shows, as far as it matters: per cents and dates are numbers to the file."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case int() | float() if "%" in (number_format or ""):
            return f"{value * 100:.10g}%"
        case float():
            return f"{value:.15g}"
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case _:
            return str(value)
