"""What the stores of an index are to retrieval and curating."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rag.domain import Document, Metadata, Passage
from rag.embedding.base import Vectors


class VectorIndex(Protocol):
    """Finds the rows nearest to a vector. Rows are numbered from 0 in the order of the passages."""

    def search(self, query: Vectors, k: int, allowed: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Return up to ``k`` (row, cosine similarity), best first, of ``query`` with shape (dimension,).

        ``allowed`` limits the search to those rows.
        """


class LexicalIndex(Protocol):
    """Finds the rows whose words match, by BM25, Chinese segmented into words."""

    def search(self, query: str, k: int, allowed: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Return up to ``k`` (row, BM25 score), best first; only rows that share a word with the query."""


class PassageStore(Protocol):
    """Passages and documents on disk."""

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Return the passages of ``rows``, in that order."""

    def passage(self, passage_id: str) -> Passage | None:
        """Return a passage by its id."""

    def row_of(self, passage_id: str) -> int:
        """Return the row of the passage with that id."""

    def document(self, document_id: str) -> Document | None:
        """Return a document by its id, with its text."""

    def documents(self) -> list[Document]:
        """Return all documents, texts included, ordered by path."""

    def rows_where(self, filters: Metadata) -> list[int]:
        """Return the rows whose document's metadata has every key of ``filters`` with that value.

        ``language`` means the passage's own language; a list in the metadata matches when it contains the value.
        """
