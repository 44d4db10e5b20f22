"""A tiny corpus, honest and hostile: texts of the folder ``texts``, with their real offsets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from rag.domain import Document, Heading, Language, Page

FOLDER = Path(__file__).parent / "texts"


def read_document(
    name: str, identity: str, *, language: Language = "en", topic: str, date: str, pages: Sequence[str] = ()
) -> Document:
    """Return a document whose lines that begin with ``#`` are headings; ``pages`` are the words that begin pages."""
    return make_document(
        identity, (FOLDER / f"{name}.txt").read_text("utf-8"), language=language, topic=topic, date=date, pages=pages
    )


def make_document(
    identity: str, text: str, *, language: Language, topic: str, date: str, pages: Sequence[str] = ()
) -> Document:
    """Return a document made of ``text``."""
    lines, headings, end = [], [], 0
    for line in text.strip().split("\n"):
        level = len(line) - len(line.lstrip("#"))
        shown = line[level:].strip() if level else line
        if level:
            headings.append(Heading(level, shown, end, end + len(shown)))
        lines.append(shown)
        end += len(shown) + 1
    body = "\n".join(lines)
    starts = [*(body.index(beginning) for beginning in pages), len(body)]
    return Document(
        id=identity,
        title=headings[0].title,
        path=f"{language}/{identity}.md",
        text=body,
        language=language,
        version=hashlib.sha256(body.encode()).hexdigest(),
        format="pdf" if pages else "markdown",
        metadata={"topic": topic, "date": date},
        headings=tuple(headings),
        pages=tuple(Page(n + 1, starts[n], starts[n + 1]) for n in range(len(pages))),
    )


# Characters outside the basic plane stand before what is cited.
PARTNERSHIP = read_document("partnership", "en-apple-alibaba", topic="partnership", date="2025-02-13")
EARLIER = read_document("market-earlier", "en-market-figures", topic="market", date="2024-11-01")
MARKET = read_document("market", "en-market-figures", topic="market", date="2025-01-31")
CHINESE = read_document("partnership-zh", "zh-apple-alibaba", language="zh", topic="partnership", date="2025-02-28")
# A document without front matter is named by its path.
LABELLING = read_document(
    "labelling", "reports/labelling 1.pdf", topic="regulation", date="2025-09-01", pages=["Labelling of", "Since when"]
)
_HOSTILE = (FOLDER / "hostile.txt").read_text("utf-8") + "long" * 3000
HOSTILE = make_document("en-hostile", _HOSTILE, language="en", topic="<b>topic</b>", date="2025-03-01")
DOCUMENTS = (PARTNERSHIP, MARKET, LABELLING, HOSTILE, CHINESE)
VERSIONS: Mapping[tuple[str, str], Document] = {(d.id, d.version): d for d in (*DOCUMENTS, EARLIER)}
