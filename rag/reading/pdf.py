"""PDF: the text layer page by page, lines joined to paragraphs, with the page that each part came from."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import UnreadableFileError
from rag.reading.base import Extract
from rag.reading.composing import Composer
from rag.reading.normalising import join_lines, normalise, one_line
from rag.reading.unwrapping import group_wrapped, wrap_width

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

# PDFium is not safe to enter from two threads.
_PDFIUM = threading.Lock()
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
# PDFium joins a word that was hyphenated at a line's end with one of these.
_LINE_END_HYPHEN = re.compile("[\x02\ufffe]")
# Stands for that hyphen here, at the end of its line, until it is known whether the word has one anyway.
_HYPHEN = "\x1a"
_BROKEN_WORD = re.compile(rf"(\w+){_HYPHEN} ?(\w+)")
_WORD = re.compile(r"\w+(?:-\w+)*")
_LEAST_PAGES_FOR_RUNNING_LINES = 4
_RUNNING_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Line:
    page: int
    text: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What PDFium gives: lines per page, the title property, and the outline as (page, title) to level."""

    pages: list[list[_Line]]
    title: str
    outline: Mapping[tuple[int, str], int]


class PdfReader:
    """Reads the text layer of a PDF. Scanned pages have none."""

    format = "pdf"

    def read(self, path: Path) -> Extract:
        """See ``Reader``."""
        from pypdfium2 import PdfDocument, PdfiumError  # noqa: PLC0415 - loads PDFium

        try:
            with _PDFIUM, closing(PdfDocument(path)) as pdf:
                source = _extract(pdf)
        except PdfiumError as error:
            if error.err_code == _PASSWORD_ERROR:
                raise UnreadableFileError("encrypted", "Save it without a password.") from error
            raise UnreadableFileError(f"broken PDF: {error}", "Print it to a new PDF.") from error
        composer = Composer()
        _compose(source, composer)
        # The property often names the template or file instead; then it is not on the first page.
        first_page = join_lines(line.text for page in source.pages[:1] for line in page)
        extract = composer.finish(title=source.title if source.title in first_page else "")
        if not extract.text:
            raise UnreadableFileError("no text in it (scanned?)", "Run text recognition (OCR) on it first.")
        return extract


def _extract(pdf: PdfDocument) -> _Source:
    pages = []
    for index in range(len(pdf)):
        with closing(pdf[index]) as page, closing(page.get_textpage()) as text_page:
            text = _LINE_END_HYPHEN.sub(f"{_HYPHEN}\n", text_page.get_text_range().replace("\r\n", "\n"))
        lines = [_HYPHEN.join(map(normalise, line.split(_HYPHEN))) for line in text.split("\n")]
        pages.append([_Line(index + 1, line) for line in lines])
    outline = {}
    for bookmark in pdf.get_toc():
        target = bookmark.get_dest()
        page_index = target.get_index() if target else None
        if page_index is not None:
            outline[page_index + 1, one_line(bookmark.get_title())] = bookmark.level + 1
    return _Source(pages, one_line(pdf.get_metadata_value("Title")), outline)


def _compose(source: _Source, composer: Composer) -> None:
    """Write headings where a line is an entry of the outline, and paragraphs, which may run over pages."""
    lines = [line for page in _without_running_lines(source.pages) for line in page]
    levels = [source.outline.get((line.page, line.text.strip())) for line in lines]
    texts = ["" if level else line.text for line, level in zip(lines, levels, strict=True)]
    groups = group_wrapped(texts, wrap_width(texts))
    groups += [[index] for index, level in enumerate(levels) if level]
    words = Counter(word.lower() for text in texts for word in _WORD.findall(text))
    page = 0
    for group in sorted(groups):
        if lines[group[0]].page != page:
            page = lines[group[0]].page
            composer.start_page(page)
        if level := levels[group[0]]:
            composer.heading(level, lines[group[0]].text)
        else:
            _compose_paragraph([lines[index] for index in group], words, composer)
            page = lines[group[-1]].page


def _compose_paragraph(lines: Sequence[_Line], words: Mapping[str, int], composer: Composer) -> None:
    text = normalise(_mend_words(join_lines(line.text for line in lines), words))
    composer.paragraph(text)
    for index in range(1, len(lines)):
        if lines[index].page != lines[index - 1].page:
            before = join_lines(line.text for line in lines[:index]).removesuffix(_HYPHEN)
            composer.start_page(lines[index].page, back=len(text) - len(_mend_words(before, words)))


def _mend_words(text: str, words: Mapping[str, int]) -> str:
    """Rejoin broken words; the hyphen stays where the document elsewhere writes the word with it, and only so."""

    def mend(broken: re.Match[str]) -> str:
        joined, hyphenated = broken[1] + broken[2], f"{broken[1]}-{broken[2]}"
        return hyphenated if words.get(hyphenated.lower(), 0) > words.get(joined.lower(), 0) else joined

    return _BROKEN_WORD.sub(mend, text).replace(_HYPHEN, "-")


def _without_running_lines(pages: list[list[_Line]]) -> Iterator[list[_Line]]:
    """Leave out page numbers and the headers and footers that most pages repeat at their edges."""
    trimmed = [[line for line in page if line.text.strip()] for page in pages]
    if len(pages) >= _LEAST_PAGES_FOR_RUNNING_LINES:
        for edge in (0, 0, -1, -1):
            seen = Counter(_running_key(page[edge]) for page in trimmed if page)
            for page in trimmed:
                if page and seen[_running_key(page[edge])] >= _RUNNING_SHARE * len(pages):
                    del page[edge]
    yield from trimmed


def _running_key(line: _Line) -> str:
    return re.sub(r"\d+", "0", line.text.strip())
