from __future__ import annotations

from pathlib import Path

import pytest

from eval.json_rows import read_rows, text_of
from rag.errors import PinciteError


def test_rows_come_with_their_place_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": "x\u2028y"}\n\n{"a": 2}\n', encoding="utf-8")
    assert list(read_rows(path, "")) == [(f"{path}:1", {"a": "x\u2028y"}), (f"{path}:3", {"a": 2})]


@pytest.mark.parametrize(("line", "words"), [("{broken", r":1 is not valid JSON"), ("[]", ":1 is not a JSON object")])
def test_bad_lines_are_named(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(PinciteError, match=words):
        list(read_rows(path, ""))


def test_a_file_that_is_not_there_is_told_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(PinciteError, match="cannot be read") as caught:
        list(read_rows(tmp_path / "none.jsonl", "Name another."))
    assert caught.value.remedy == "Name another."


@pytest.mark.parametrize("value", [None, 3, " \n"])
def test_what_is_no_text_is_named(value: object) -> None:
    with pytest.raises(PinciteError, match='f:1 has no "a"'):
        text_of({"a": value}, "a", "f:1")
    assert text_of({"a": "x"}, "a", "f:1") == "x"
