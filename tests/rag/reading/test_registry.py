from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.reading import reader_for, supported_suffixes


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.MD", "markdown"),
        ("a.b.txt", "text"),
        ("a.htm", "html"),
        ("a.tsv", "csv"),
        ("a.Pdf", "pdf"),
        ("a.epub", "epub"),
    ],
)
def test_readers_go_by_suffix_in_any_case(name: str, expected: str) -> None:
    assert reader_for(Path(name)).format == expected


@pytest.mark.parametrize("name", ["a.exe", "README", ".md"])
def test_an_unknown_suffix(name: str) -> None:
    with pytest.raises(UnreadableFileError, match="unknown file type") as caught:
        reader_for(Path(name))
    assert ".md" in caught.value.remedy


def test_supported_suffixes() -> None:
    assert {".md", ".txt", ".html", ".pdf", ".docx", ".pptx", ".xlsx", ".csv", ".epub"} <= supported_suffixes()
