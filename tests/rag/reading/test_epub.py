from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.reading import reader_for
from rag.reading.epub import EpubReader

_CHAPTERS = {
    "one.xhtml": '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
    "<head><title>The Market</title></head><body><h1>Chapter 1</h1><p>Apple chose Alibaba.</p></body></html>",
    "two.xhtml": "<html><head><title>第二章</title></head>"
    "<body><p>华为增长了42%。</p><script>x()</script></body></html>",
}


def test_chapters_are_headings(write_epub: Callable[..., Path]) -> None:
    path = write_epub(_CHAPTERS)
    extract = reader_for(path).read(path)
    assert extract.title == "The Market"
    assert extract.text == "Chapter 1\n\nApple chose Alibaba.\n\n第二章\n\n华为增长了42%。"
    assert [heading.title for heading in extract.headings] == ["Chapter 1", "第二章"]


def _encryption(uri: str) -> dict[str, str]:
    return {"META-INF/encryption.xml": f'<encryption><CipherReference URI="{uri}"/></encryption>'}


def test_protected_chapters_are_refused_scrambled_fonts_are_not(write_epub: Callable[..., Path]) -> None:
    with pytest.raises(UnreadableFileError, match="copy protection"):
        EpubReader().read(write_epub(_CHAPTERS, _encryption("OEBPS/one.xhtml")))
    assert EpubReader().read(write_epub(_CHAPTERS, _encryption("OEBPS/font.otf"))).text


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({"META-INF/container.xml": "<container/>"}, "names no package"),
        ({"OEBPS/book.opf": "<package"}, "broken EPUB"),
        (
            {
                "OEBPS/book.opf": '<package><manifest><item id="a" href="../../etc/passwd" media-type="text/html"/>'
                '</manifest><spine><itemref idref="a"/></spine></package>'
            },
            "etc/passwd is missing",
        ),
    ],
)
def test_broken_books(write_epub: Callable[..., Path], extra: dict[str, str], reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        EpubReader().read(write_epub(_CHAPTERS, extra))


def test_entities_are_not_expanded(write_epub: Callable[..., Path]) -> None:
    package = '<!DOCTYPE package [<!ENTITY x SYSTEM "file:///etc/hostname">]><package><title>&x;</title></package>'
    path = write_epub(_CHAPTERS, {"OEBPS/book.opf": package})
    assert EpubReader().read(path).title == ""
