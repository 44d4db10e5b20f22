"""Plain text: paragraphs by blank lines, hard wraps undone."""

from __future__ import annotations

from pathlib import Path

from rag.reading.base import Extract
from rag.reading.composing import Composer
from rag.reading.encoding import decode
from rag.reading.normalising import join_lines, normalise
from rag.reading.unwrapping import group_wrapped, wrap_width

# Beyond this many columns nobody wraps by hand: each line is a paragraph.
_WIDEST_WRAP = 130


class PlainTextReader:
    """Reads text without marks."""

    format = "text"

    def read(self, path: Path) -> Extract:
        """See ``Reader``."""
        lines = normalise(decode(path.read_bytes())).split("\n")
        composer = Composer()
        width = wrap_width(lines)
        for group in group_wrapped(lines, width if width <= _WIDEST_WRAP else 0):
            composer.paragraph(join_lines(lines[index] for index in group))
        return composer.finish()
