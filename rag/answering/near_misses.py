"""What passages speak of in place of what a question asks for: other dates, or another version of what it names.

They look right in all else, so what a draft of them would say is decided by rule
(docs/decisions/0016-other-dates.md, 0047-no-second-reading.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.evidence import source_line
from rag.answering.sufficiency import speaks_of_other_dates
from rag.answering.versions import speaks_of_other_version
from rag.domain import Passage
from rag.index.passage_store import SqlitePassageStore

# The features that say so.
NEAR_MISSES = ("other_dates", "other_version")


def near_misses(question: str, passages: Sequence[Passage], store: SqlitePassageStore) -> dict[str, float]:
    """Return which near misses ``passages`` of ``store`` are, taken together: ``other_dates``, ``other_version``.

    Their sources and the dates of their documents count as said.
    """
    dates = [_date_of(document_id, store) for document_id in dict.fromkeys(passage.document_id for passage in passages)]
    told = "\n".join([*(f"{source_line(passage)}\n{passage.text}" for passage in passages), *dates])
    found = (speaks_of_other_dates(question, told), speaks_of_other_version(question, told))
    return dict(zip(NEAR_MISSES, map(float, found), strict=True))


def _date_of(document_id: str, store: SqlitePassageStore) -> str:
    document = store.document(document_id)
    return str(document.metadata.get("date", "")) if document else ""
