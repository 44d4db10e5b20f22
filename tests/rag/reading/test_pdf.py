from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.reading.pdf import PdfReader
from tests.handmade_files import ENCRYPTED

_WritePdf = Callable[..., Path]


def test_lines_become_paragraphs_with_pages(write_pdf: _WritePdf, check_extract: Callable[..., None]) -> None:
    path = write_pdf(
        [
            [
                "Apple in China",
                "Apple partnered with Alibaba to bring AI features to cus-",
                "tomers in China, which is a shift of strategy for a well-",
                "known company. Its customers wait.",
                "It was well-known that the work with Baidu had fallen",
            ],
            ["short of its standards.", "华为在第三季度的销量增长了百分之四十二，而苹果的销量", "下降了。"],
        ],
        title="Apple in China",
    )
    extract = PdfReader().read(path)
    check_extract(extract)
    assert extract.title == "Apple in China"
    assert extract.text.split("\n\n") == [
        "Apple in China",
        "Apple partnered with Alibaba to bring AI features to customers in China, which is a shift of strategy for a "
        "well-known company. Its customers wait.",
        "It was well-known that the work with Baidu had fallen short of its standards.",
        "华为在第三季度的销量增长了百分之四十二，而苹果的销量下降了。",
    ]
    first, second = extract.pages
    assert extract.text[first.start : first.end].endswith("had fallen")
    assert extract.text[second.start : second.end].startswith("short of its standards.")
    assert (first.number, second.number) == (1, 2)


def test_the_outline_gives_headings(write_pdf: _WritePdf) -> None:
    path = write_pdf(
        [["Introduction", "Apple chose Alibaba."], ["Market Figures", "Huawei rose."]],
        title="Microsoft Word - draft.doc",
        outline=[("Introduction", 0), ("Market Figures", 1), ("Elsewhere", 1)],
    )
    extract = PdfReader().read(path)
    assert [(heading.level, heading.title) for heading in extract.headings] == [
        (1, "Introduction"),
        (1, "Market Figures"),
    ]
    assert extract.text == "Introduction\n\nApple chose Alibaba.\n\nMarket Figures\n\nHuawei rose."
    assert extract.title == ""


def test_running_headers_and_page_numbers_are_left_out(write_pdf: _WritePdf) -> None:
    bodies = ["Alpha is first.", "Beta is second.", "Gamma is third.", "Delta is fourth."]
    pages = [["Market Brief", body, f"Page {number}"] for number, body in enumerate(bodies, start=1)]
    extract = PdfReader().read(write_pdf(pages))
    assert extract.text == "\n\n".join(bodies)
    assert [page.number for page in extract.pages] == [1, 2, 3, 4]


def test_a_scanned_pdf_has_no_text(write_pdf: _WritePdf) -> None:
    with pytest.raises(UnreadableFileError, match=r"no text in it \(scanned\?\)"):
        PdfReader().read(write_pdf([[], []]))


def test_an_encrypted_pdf(write_pdf: _WritePdf) -> None:
    with pytest.raises(UnreadableFileError, match=r"^encrypted$"):
        PdfReader().read(write_pdf([["text"]], trailer=ENCRYPTED))


def test_a_broken_pdf(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(UnreadableFileError, match="broken PDF"):
        PdfReader().read(path)
    assert capfd.readouterr() == ("", "")
