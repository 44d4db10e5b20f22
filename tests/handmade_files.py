"""PDFs and EPUBs made by hand, where no library of the tests writes them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

# Goes into a PDF's trailer: a password protects it.
ENCRYPTED = (
    b"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
    + b"41" * 32
    + b"> /U <"
    + b"41" * 32
    + b"> >>"
)


def zip_bytes(members: Mapping[str, str]) -> bytes:
    """Return a zip archive of the given members."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def epub_bytes(chapters: Mapping[str, str], title: str, extra: Mapping[str, str] | None = None) -> bytes:
    """Return an EPUB of chapters (name to XHTML); members of ``extra`` replace those of the same name."""
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "OEBPS/book.opf": package,
        **{f"OEBPS/{name}": source for name, source in chapters.items()},
    }
    return zip_bytes(members | dict(extra or {}))


def pdf_bytes(
    pages: Sequence[Sequence[str]],
    title: str = "",
    outline: Sequence[tuple[str, int]] = (),
    trailer: bytes = b"",
) -> bytes:
    """Return a PDF of pages of lines; ``outline`` names (title, page index).

    Its one font maps UTF-16 codes to themselves, so that any script can stand in it.
    """
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
    return _assemble(objects, trailer)


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
