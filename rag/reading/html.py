"""HTML pages: the main content, without navigation and boilerplate."""

from __future__ import annotations

import copy
import logging
import re
from pathlib import Path

from rag.reading.base import Extract
from rag.reading.composing import Composer
from rag.reading.encoding import decode
from rag.reading.html_tree import Element, compose_html, parse_html, remove_unseen

_DECLARED_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_DECLARATION_WITHIN = 4096
# The time that finding the main content takes grows with the square of a page's elements; so many are no article.
_MOST_ELEMENTS = 20_000


class HtmlReader:
    """Reads saved web pages. Nothing they link to is fetched."""

    format = "html"

    def read(self, path: Path) -> Extract:
        """See ``Reader``."""
        raw = path.read_bytes()
        declared = _DECLARED_CHARSET.search(raw[:_DECLARATION_WITHIN])
        root = parse_html(decode(raw, declared[1].decode("ascii") if declared else ""))
        page_title = " ".join(root.xpath("string(//head/title)").split())
        remove_unseen(root)
        composer = Composer()
        compose_html(_main_content(root), composer)
        has_main_heading = any(heading.level == 1 for heading in composer.headings)
        return composer.finish(title="" if has_main_heading else page_title)


def _main_content(root: Element) -> Element:
    """Return the tree of the main content, or the whole page where none stands out."""
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        return root
    from trafilatura import extract  # noqa: PLC0415 - slow to import

    # Without a handler, its remarks about odd pages would reach the terminal.
    logger = logging.getLogger("trafilatura")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    page = copy.deepcopy(root)
    _mark_code(page)
    content = extract(page, output_format="html", include_comments=False, include_tables=True, favor_recall=True)
    return parse_html(content) if content else root


def _mark_code(page: Element) -> None:
    """Wrap bare <pre> content in <code>; trafilatura takes it for a quotation otherwise and joins its lines."""
    for preformatted in page.iter("pre"):
        if preformatted.find("code") is None:
            code = preformatted.makeelement("code")
            code.text, preformatted.text = preformatted.text, None
            code.extend(list(preformatted))
            preformatted.append(code)
