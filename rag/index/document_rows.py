"""Documents as rows of SQLite, for the snapshot that serves and for the archive of versions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rag.domain import Document, Heading, Page, Span

DOCUMENT_COLUMNS = "id, title, path, text, language, version, format, details"


def document_row(document: Document) -> tuple[str, ...]:
    """Return the values of ``DOCUMENT_COLUMNS``."""
    details = {
        "metadata": dict(document.metadata),
        "headings": [(h.level, h.title, h.start, h.end) for h in document.headings],
        "pages": [(p.number, p.start, p.end) for p in document.pages],
        "blocks": [(b.start, b.end) for b in document.blocks],
    }
    return (
        *(document.id, document.title, document.path, document.text, document.language, document.version),
        *(document.format, json.dumps(details, ensure_ascii=False)),
    )


def document_of(row: Sequence[Any]) -> Document:
    """Return the document of which ``row`` has the ``DOCUMENT_COLUMNS``."""
    identity, title, path, text, language, version, format_, details = row
    loaded = json.loads(details)
    return Document(
        id=identity,
        title=title,
        path=path,
        text=text,
        language=language,
        version=version,
        format=format_,
        metadata={k: tuple(v) if isinstance(v, list) else v for k, v in loaded["metadata"].items()},
        headings=tuple(Heading(*heading) for heading in loaded["headings"]),
        pages=tuple(Page(*page) for page in loaded["pages"]),
        blocks=tuple(Span(*block) for block in loaded["blocks"]),
    )
