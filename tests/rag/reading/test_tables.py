from __future__ import annotations

import pytest

from rag.reading.tables import looks_like_header, row_line, sheet_lines, table_lines


def test_a_row_carries_its_header() -> None:
    assert row_line(["Company", "Quarter"], ["Huawei", "2024Q3"]) == "Company: Huawei; Quarter: 2024Q3"
    assert row_line(["公司", "增长"], ["华为", ""]) == "公司: 华为"
    assert row_line(["", "2023"], ["Apple", "3\nbn", "extra"]) == "Apple; 2023: 3 bn; extra"


def test_a_table_of_only_a_header_keeps_it() -> None:
    assert list(table_lines(["a", "b"], [["", ""]])) == ["a; b"]


def test_a_sheet_finds_its_header_below_captions() -> None:
    rows = [["Sales 2024"], [], ["Company", "2023"], ["Huawei", "42"], [" ", ""], ["Apple", "-3"]]
    lines = [line for line in sheet_lines(rows) if line]
    assert lines == ["Sales 2024", "Company: Huawei; 2023: 42", "Company: Apple; 2023: -3"]


def test_a_single_column_has_no_header() -> None:
    assert list(sheet_lines([["Apple"], ["Huawei"]])) == ["Apple", "Huawei"]


def test_data_in_the_first_row_is_not_taken_for_a_header() -> None:
    assert list(sheet_lines([["Huawei", "42%"], ["Apple", "-0.3%"]])) == ["Huawei; 42%", "Apple; -0.3%"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["Company", "2023"], True),
        (["Q1 2024", "x"], True),
        (["Apple", "1,200"], False),
        (["1", "2"], False),
        (["x" * 90, "y"], False),
    ],
)
def test_looks_like_header(row: list[str], expected: bool) -> None:
    assert looks_like_header(row) is expected
