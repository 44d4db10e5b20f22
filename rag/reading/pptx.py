"""PowerPoint presentations: a page per slide, its title a heading, then its texts, tables and notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from rag.reading.archives import check_archive
from rag.reading.base import Extract
from rag.reading.composing import Composer
from rag.reading.normalising import one_line
from rag.reading.tables import sheet_lines

if TYPE_CHECKING:
    from pptx.slide import Slide
    from pptx.text.text import TextFrame

# A shape's type hangs on what it holds; the library types only the general case.
Shape: TypeAlias = Any


class PptxReader:
    """Reads PPTX; hidden slides too, as their author can still see them."""

    format = "pptx"

    def read(self, path: Path) -> Extract:
        """See ``Reader``."""
        from pptx import Presentation  # noqa: PLC0415 - only presentations need it

        check_archive(path)
        composer = Composer()
        with path.open("rb") as stream:
            for number, slide in enumerate(Presentation(stream).slides, start=1):
                composer.start_page(number)
                _compose_slide(slide, composer)
        return composer.finish()


def _compose_slide(slide: Slide, composer: Composer) -> None:
    title = slide.shapes.title
    if title is not None:
        composer.heading(1, title.text_frame.text)
    for shape in _flatten(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        if shape.has_text_frame:
            _compose_text(shape.text_frame, composer)
        elif getattr(shape, "has_table", False):
            composer.lines(sheet_lines([cell.text for cell in row.cells] for row in shape.table.rows))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        _compose_text(slide.notes_slide.notes_text_frame, composer)


def _compose_text(frame: TextFrame, composer: Composer) -> None:
    """Write each paragraph of a text frame as a line; one frame's lines belong together."""
    composer.lines(one_line(paragraph.text) for paragraph in frame.paragraphs)


def _flatten(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Yield the shapes in the order of the file, groups opened."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _flatten(shape.shapes)
        else:
            yield shape
