"""EPUB books: the chapters in the order of the spine."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from rag.errors import UnreadableFileError
from rag.reading.archives import check_archive
from rag.reading.base import Extract
from rag.reading.composing import Composer
from rag.reading.encoding import decode
from rag.reading.html_tree import Element, compose_html, parse_html

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTER_TYPES = ("application/xhtml+xml", "text/html")


class EpubReader:
    """Reads EPUB 2 and 3. A chapter without a heading is headed by its page title."""

    format = "epub"

    def read(self, path: Path) -> Extract:
        """See ``Reader``."""
        check_archive(path)
        composer = Composer()
        with zipfile.ZipFile(path) as book:
            package_path = _package_path(book)
            package = _parse_xml(_member(book, package_path))
            title = package.xpath("string(//*[local-name()='title'])")
            chapters = _chapters(package, posixpath.dirname(package_path))
            _check_not_protected(book, chapters)
            for chapter in chapters:
                _compose_chapter(decode(_member(book, chapter)), title, composer)
        return composer.finish(title=title)


def _package_path(book: zipfile.ZipFile) -> str:
    paths = _parse_xml(_member(book, _CONTAINER)).xpath("//*[local-name()='rootfile']/@full-path")
    if not paths:
        raise UnreadableFileError("broken EPUB: its container names no package", "Convert the book again.")
    return str(paths[0])


def _chapters(package: Element, folder: str) -> list[str]:
    """Return the archive's names of the chapters, the table of contents left out."""
    items = {item.get("id"): item for item in package.xpath("//*[local-name()='manifest']/*[local-name()='item']")}
    chapters = []
    for reference in package.xpath("//*[local-name()='spine']/*[local-name()='itemref']"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _CHAPTER_TYPES or "nav" in item.get("properties", "").split():
            continue
        target = unquote(urlsplit(item.get("href", "")).path)
        chapters.append(posixpath.normpath(posixpath.join(folder, target)))
    return chapters


def _check_not_protected(book: zipfile.ZipFile, chapters: list[str]) -> None:
    """Books often scramble their fonts; only scrambled chapters make them unreadable."""
    if _ENCRYPTION not in book.namelist():
        return
    references = _parse_xml(_member(book, _ENCRYPTION)).xpath("//*[local-name()='CipherReference']/@URI")
    if set(chapters) & {unquote(uri) for uri in references}:
        raise UnreadableFileError("encrypted (copy protection)", "Use a copy without protection.")


def _compose_chapter(source: str, book_title: str, composer: Composer) -> None:
    root = parse_html(source)
    page_title = root.xpath("string(//head/title)").strip()
    if page_title and page_title != book_title and not root.xpath("//h1|//h2|//h3|//h4|//h5|//h6"):
        composer.heading(1, page_title)
    compose_html(root, composer)


def _member(book: zipfile.ZipFile, name: str) -> bytes:
    try:
        return book.read(name)
    except (KeyError, zipfile.BadZipFile) as error:
        raise UnreadableFileError(f"broken EPUB: {name} is missing or damaged", "Convert the book again.") from error


def _parse_xml(source: bytes) -> Element:
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415 - only books need it

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableFileError(f"broken EPUB: {error}", "Convert the book again.") from error
