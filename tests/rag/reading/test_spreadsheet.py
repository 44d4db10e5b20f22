from __future__ import annotations

import datetime
from collections.abc import Callable
from io import BytesIO

import openpyxl  # type: ignore[import-untyped]
import pytest

from rag.domain import Document
from rag.errors import UnreadableFileError


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_csv_rows_carry_their_header(read: Callable[..., Document], encoding: str) -> None:
    document = read("销量.csv", '公司,季度,增长\r\n华为,2024Q3,"42%, 上升"\r\n苹果,,-0.3%\r\n'.encode(encoding))
    assert document.text == "公司: 华为; 季度: 2024Q3; 增长: 42%, 上升\n公司: 苹果; 增长: -0.3%"
    assert [block.of(document.text) for block in document.blocks] == document.text.split("\n")
    assert (document.format, document.language) == ("csv", "zh")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(read: Callable[..., Document], delimiter: str) -> None:
    rows = [["Company", "Share, now"], ["Huawei", "15.3"], ["Apple", '"a\nb"']]
    source = "\n".join(delimiter.join(f'"{c}"' if delimiter == "," and "," in c else c for c in row) for row in rows)
    assert read("a.tsv", source).text == "Company: Huawei; Share, now: 15.3\nCompany: Apple; Share, now: a b"


def test_a_field_beyond_all_measure_is_named_by_its_line(read: Callable[..., Document]) -> None:
    with pytest.raises(UnreadableFileError, match="broken CSV at line 2: field larger"):
        read("a.csv", "a,b\n" + "x" * 200_000 + ",1\n")


def test_a_workbook(read: Callable[..., Document]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "销量"
    sheet.append(["Smartphones in China"])
    sheet.append(["公司", "Date", "Growth", "Units", "Listed", "Sum"])
    sheet.append(["华为", datetime.datetime(2024, 9, 30), 0.42, 10_800_000, True, "=D3"])
    sheet["C3"].number_format = "0%"
    sheet.append(["苹果", datetime.datetime(2024, 9, 30, 12, 30), -0.003, 1.1, None, None])
    sheet["C4"].number_format = "0.0%"
    book.create_sheet("Empty")
    hidden = book.create_sheet("Hidden")
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    stream = BytesIO()
    book.save(stream)

    document = read("a.xlsx", stream.getvalue())
    assert document.text == (
        "销量\n\nSmartphones in China\n公司: 华为; Date: 2024-09-30; Growth: 42%; Units: 10800000; Listed: TRUE\n"
        "公司: 苹果; Date: 2024-09-30 12:30:00; Growth: -0.3%; Units: 1.1"
    )
    assert [(heading.level, heading.title) for heading in document.headings] == [(2, "销量")]
    assert document.title == "a"
