"""What passages speak of in place of what a question asks for: other dates, or another version of what it names.

They look right in all else, so what a draft of them would say is decided by rule
(docs/decisions/0016-other-dates.md, 0047-no-second-reading.md).
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.answering.evidence import source_line
from rag.answering.sufficiency import speaks_of_other_dates
from rag.answering.versions import speaks_of_other_version
from rag.domain import Passage
from rag.index.passage_store import SqlitePassageStore

# The features that say so.
NEAR_MISSES = ("other_dates", "other_version")


def near_misses(question: str, passages: Iterable[Passage], store: SqlitePassageStore) -> dict[str, float]:
    """Return which near misses ``passages`` of ``store`` are, taken together: ``other_dates``, ``other_version``.

    Their sources and the dates of their documents count as said.
    """
    told = "\n".join(_told_by(passage, store) for passage in passages)
    found = (speaks_of_other_dates(question, told), speaks_of_other_version(question, told))
    return dict(zip(NEAR_MISSES, map(float, found), strict=True))


def _told_by(passage: Passage, store: SqlitePassageStore) -> str:
    document = store.document(passage.document_id)
    dated = str(document.metadata.get("date", "")) if document else ""
    return f"{source_line(passage)}\n{passage.text}\n{dated}"
