"""Small files of each format, made by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from rag.domain import Document
from rag.reading import read_document
from rag.reading.base import Extract
from rag.reading.normalising import normalise
from rag.settings import ReadingSettings
from tests.handmade_files import epub_bytes, pdf_bytes, zip_bytes


@pytest.fixture(scope="session")
def check_extract() -> Callable[[Extract], None]:
    """Check that every span lies in the text, that headings and blocks are in order and apart, and cover it."""

    def check(extract: Extract) -> None:
        text = extract.text
        assert normalise(text) == text
        for heading in extract.headings:
            assert text[heading.start : heading.end] == heading.title
        parts = sorted([(h.start, h.end) for h in extract.headings] + [(b.start, b.end) for b in extract.blocks])
        assert all(0 <= start < end <= len(text) for start, end in parts)
        assert all(first[1] <= second[0] for first, second in pairwise(parts))
        assert list(extract.blocks) == sorted(extract.blocks, key=lambda block: block.start)
        assert list(extract.headings) == sorted(extract.headings, key=lambda heading: heading.start)
        covered = "".join(text[start:end] for start, end in parts)
        assert "".join(covered.split()) == "".join(text.split())
        assert not any("\n" in block.of(text) for block in extract.blocks)
        assert all(0 <= page.start < page.end <= len(text) for page in extract.pages)

    return check


@pytest.fixture
def write_zip() -> Callable[[Mapping[str, str]], bytes]:
    """Return a zip archive of the given members."""

    return zip_bytes


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Document]:
    """Write content into a file of the corpus and read it."""

    def write_and_read(name: str, content: str | bytes) -> Document:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_document(path, tmp_path, ReadingSettings())

    return write_and_read


@pytest.fixture
def write_pdf(tmp_path: Path) -> Callable[..., Path]:
    """Write pages of lines as a PDF; ``outline`` names (title, page index)."""

    def write(
        pages: Sequence[Sequence[str]],
        title: str = "",
        outline: Sequence[tuple[str, int]] = (),
        trailer: bytes = b"",
    ) -> Path:
        path = tmp_path / "paper.pdf"
        path.write_bytes(pdf_bytes(pages, title, outline, trailer))
        return path

    return write


@pytest.fixture
def write_epub(tmp_path: Path) -> Callable[..., Path]:
    """Write chapters (name to XHTML) as an EPUB titled "The Market"."""

    def write(chapters: dict[str, str], extra: dict[str, str] | None = None) -> Path:
        path = tmp_path / "book.epub"
        path.write_bytes(epub_bytes(chapters, "The Market", extra))
        return path

    return write
