"""Which reader reads which file."""

from __future__ import annotations

from pathlib import Path

from rag.errors import UnreadableFileError
from rag.reading.base import Reader
from rag.reading.docx import DocxReader
from rag.reading.epub import EpubReader
from rag.reading.html import HtmlReader
from rag.reading.markdown import MarkdownReader
from rag.reading.pdf import PdfReader
from rag.reading.plain_text import PlainTextReader
from rag.reading.pptx import PptxReader
from rag.reading.spreadsheet import CsvReader, XlsxReader

_READERS: dict[str, Reader] = {
    ".md": MarkdownReader(),
    ".markdown": MarkdownReader(),
    ".txt": PlainTextReader(),
    ".text": PlainTextReader(),
    ".html": HtmlReader(),
    ".htm": HtmlReader(),
    ".xhtml": HtmlReader(),
    ".pdf": PdfReader(),
    ".docx": DocxReader(),
    ".pptx": PptxReader(),
    ".xlsx": XlsxReader(),
    ".csv": CsvReader(),
    ".tsv": CsvReader(),
    ".epub": EpubReader(),
}


def supported_suffixes() -> frozenset[str]:
    """Return the file name endings that can be read, in lower case with their dot."""
    return frozenset(_READERS)


def reader_for(path: Path) -> Reader:
    """Return the reader of a file, by its suffix in any case.

    Raises:
        UnreadableFileError: no reader knows the suffix.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = " ".join(sorted(_READERS))
        raise UnreadableFileError(f"unknown file type {path.suffix or '(no suffix)'}", f"Known are {known}.")
    return reader
