"""Small files of each format, made by hand."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest

from rag.domain import Document
from rag.reading import read_document
from rag.reading.base import Extract
from rag.reading.normalising import normalise
from rag.settings import ReadingSettings


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
def write_zip() -> Callable[[dict[str, str]], bytes]:
    """Return a zip archive of the given members."""

    def write(members: dict[str, str]) -> bytes:
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return stream.getvalue()

    return write


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
        path.write_bytes(_pdf(pages, title, outline, trailer))
        return path

    return write


@pytest.fixture
def write_epub(tmp_path: Path) -> Callable[..., Path]:
    """Write chapters (name to XHTML) as an EPUB titled "The Market"."""

    def write(chapters: dict[str, str], extra: dict[str, str] | None = None) -> Path:
        path = tmp_path / "book.epub"
        items = "".join(
            f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters)
        )
        spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
        package = (
            '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Market</dc:title></metadata>'
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
        )
        container = (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
        )
        with zipfile.ZipFile(path, "w") as book:
            book.writestr("mimetype", "application/epub+zip")
            book.writestr("META-INF/container.xml", container)
            book.writestr("OEBPS/book.opf", package)
            for name, source in chapters.items():
                book.writestr(f"OEBPS/{name}", source)
            for name, source in (extra or {}).items():
                book.writestr(name, source)
        return path

    return write


def _pdf(pages: Sequence[Sequence[str]], title: str, outline: Sequence[tuple[str, int]], trailer_extra: bytes) -> bytes:
    """Build a PDF whose one font maps UTF-16 codes to themselves, so that any script can stand in it."""
    first_page, first_outline = 8, 8 + 2 * len(pages)
    kids = b" ".join(b"%d 0 R" % (first_page + 2 * index) for index in range(len(pages)))
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        b"1 beginbfrange <0000> <ffff> <0000> endbfrange endcmap end end"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 7 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /U /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /U /DW 500"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        _stream(to_unicode),
        b"<< /Title <feff%s> >>" % title.encode("utf-16-be").hex().encode(),
        b"<< /Type /Outlines /Count %d%s >>"
        % (
            len(outline),
            b" /First %d 0 R /Last %d 0 R" % (first_outline, first_outline + len(outline) - 1) if outline else b"",
        ),
    ]
    for index, lines in enumerate(pages):
        shown = b" ".join(b"<%s> Tj T*" % line.encode("utf-16-be").hex().encode() for line in lines)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> >> >>" % (first_page + 2 * index + 1),
            _stream(b"BT /F 8 Tf 12 TL 40 750 Td " + shown + b" ET"),
        ]
    for number, (entry, page) in enumerate(outline):
        following = b" /Next %d 0 R" % (first_outline + number + 1) if number + 1 < len(outline) else b""
        objects.append(
            b"<< /Title <feff%s> /Parent 7 0 R /Dest [%d 0 R /Fit]%s >>"
            % (entry.encode("utf-16-be").hex().encode(), first_page + 2 * page, following)
        )
    return _assemble(objects, trailer_extra)


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _assemble(objects: list[bytes], trailer_extra: bytes) -> bytes:
    out = b"%PDF-1.7\n"
    table = b"0000000000 65535 f \n"
    for number, content in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R %s >>" % (size, trailer_extra)
    return out + b"xref\n0 %d\n%s%s\nstartxref\n%d\n%%%%EOF\n" % (size, table, trailer, len(out))
