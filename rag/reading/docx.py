"""Word documents, through mammoth's HTML: styles become headings, lists and tables."""

from __future__ import annotations

from pathlib import Path

from rag.reading.archives import check_archive
from rag.reading.base import Extract
from rag.reading.composing import Composer
from rag.reading.html_tree import compose_html, parse_html

_STYLE_MAP = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


class DocxReader:
    """Reads DOCX. Pictures are left out; linked files are not opened."""

    format = "docx"

    def read(self, path: Path) -> Extract:
        """See ``Reader``."""
        import mammoth  # type: ignore[import-untyped]  # noqa: PLC0415 - only Word files need it

        check_archive(path)
        with path.open("rb") as stream:
            content = mammoth.convert_to_html(
                stream, style_map=_STYLE_MAP, convert_image=lambda _: [], external_file_access=False
            ).value
        composer = Composer()
        compose_html(parse_html(content), composer)
        return composer.finish()
