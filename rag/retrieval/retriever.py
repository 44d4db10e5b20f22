"""Finds the passages for a question: by meaning and by words, fused."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache

from rag.domain import Hit, Language, Metadata
from rag.embedding.base import Embedder
from rag.index.snapshot import Snapshot
from rag.language import detect_language
from rag.retrieval.fusion import fuse
from rag.settings import RetrievalSettings

_NO_FILTERS: Metadata = {}


class Retriever:
    """Searches one snapshot. Safe to use from several threads."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder, settings: RetrievalSettings) -> None:
        self._snapshot = snapshot
        self._embedder = embedder
        self._settings = settings
        self._rows_in = lru_cache(maxsize=None)(self._find_rows_in)

    def search(
        self,
        query: str,
        *,
        k: int | None = None,
        filters: Metadata = _NO_FILTERS,
        exclude_documents: AbstractSet[str] = frozenset(),
    ) -> list[Hit]:
        """Return the ``k`` best passages (by default ``top_k`` of the settings), best first.

        ``filters`` narrow the search to documents with that metadata (see ``PassageStore.rows_where``);
        ``exclude_documents`` are ids of documents not to search. Every hit has its cosine similarity in ``dense``;
        ``lexical`` is None for passages that share no word with the query or are in another language.
        """
        k = self._settings.top_k if k is None else k
        candidates = max(k, self._settings.candidates)
        allowed = self._allowed(filters, exclude_documents)
        vector = self._embedder.embed_queries([query])[0]
        language = detect_language(query)
        dense = dict(self._snapshot.vectors.search(vector, candidates, allowed))
        lexical = dict(self._snapshot.lexical.search(query, candidates, self._in_language(language, allowed)))
        rows = list(dict.fromkeys([*dense, *lexical]))
        passages = dict(zip(rows, self._snapshot.store.passages(rows), strict=True))
        judged = {row for row, passage in passages.items() if passage.language == language}
        fused = fuse(list(dense), list(lexical), judged)[:k]
        only_lexical = [row for row, _ in fused if row not in dense]
        dense |= self._snapshot.vectors.search(vector, len(only_lexical), only_lexical)
        return [Hit(passages[row], score, dense[row], lexical.get(row)) for row, score in fused]

    def _allowed(self, filters: Metadata, exclude_documents: AbstractSet[str]) -> Sequence[int] | None:
        if not filters and not exclude_documents:
            return None
        rows = self._snapshot.store.rows_where(filters)
        excluded = {
            row
            for record in self._snapshot.manifest.documents
            if record.id in exclude_documents
            for row in range(record.first_row, record.first_row + record.count)
        }
        return [row for row in rows if row not in excluded]

    def _in_language(self, language: Language, allowed: Sequence[int] | None) -> Sequence[int] | None:
        """Return which of ``allowed`` are in ``language``; None where that is every passage."""
        rows = self._rows_in(language)
        if allowed is not None:
            return sorted(rows.intersection(allowed))
        return None if len(rows) == self._snapshot.manifest.passages else sorted(rows)

    def _find_rows_in(self, language: Language) -> frozenset[int]:
        return frozenset(self._snapshot.store.rows_where({"language": language}))
