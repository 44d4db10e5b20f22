"""Finds the passages for a question: by meaning and by words, fused."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import get_args

from rag.domain import Hit, Language, Metadata
from rag.embedding.base import Embedder, Vectors
from rag.index.name_pairs import other_writings
from rag.index.snapshot import Snapshot
from rag.language import detect_language
from rag.retrieval.compound import parts_of
from rag.retrieval.fusion import above_language, fuse, joined
from rag.settings import RetrievalSettings

_LANGUAGES: tuple[Language, ...] = get_args(Language)
_NO_FILTERS: Metadata = {}


class Retriever:
    """Searches one snapshot. Safe to use from several threads."""

    def __init__(self, snapshot: Snapshot, embedder: Embedder, settings: RetrievalSettings) -> None:
        self._snapshot = snapshot
        self._embedder = embedder
        self._settings = settings
        found = {language: frozenset(snapshot.store.rows_where({"language": language})) for language in _LANGUAGES}
        self._name_pairs = snapshot.store.name_pairs()
        strays = found["other"] if len(found["other"]) < settings.candidates else frozenset[int]()
        self._rows_by_language = _with_largest(strays, found)
        # Where a passage speaks both languages, or none, a missing word counts whatever the question's.
        mixed = strays.union(snapshot.store.mixed_rows())
        self._own_rows = {language: rows | mixed for language, rows in found.items()}

    def search(
        self,
        query: str,
        *,
        translation: str = "",
        k: int | None = None,
        filters: Metadata = _NO_FILTERS,
        exclude_documents: AbstractSet[str] = frozenset(),
    ) -> list[Hit]:
        """Return the ``k`` best passages (by default ``top_k`` of the settings), best first.

        A query that asks several things is searched as a whole and part by part; a passage stands where it ranks best.
        A ``translation`` of it is searched as well: a passage counts by both.
        Words are looked for in the other languages too, its names as those write them.
        ``filters`` narrow the search to documents with that metadata (see ``PassageStore.rows_where``);
        ``exclude_documents`` are ids of documents not to search. Every hit has its cosine similarity in ``dense``;
        ``lexical`` is None for those that share no content word with the query.
        """
        k = self._settings.top_k if k is None else k
        allowed = self._allowed_by_language(filters, exclude_documents)
        if not translation:
            return self._search_parts(query, k, allowed)
        rankings = [self._search_parts(text, self._candidates(k), allowed) for text in (query, translation)]
        return joined(rankings)[:k]

    def _search_parts(self, query: str, k: int, allowed: Mapping[Language, Sequence[int] | None]) -> list[Hit]:
        best: dict[str, Hit] = {}
        for part in dict.fromkeys([query, *parts_of(query)]):
            for hit in self._search_one(part, k, allowed):
                known = best.get(hit.passage.id)
                if known is None or hit.score > known.score:
                    best[hit.passage.id] = hit
        return sorted(best.values(), key=lambda hit: -hit.score)[:k]

    def _search_one(self, query: str, k: int, allowed: Mapping[Language, Sequence[int] | None]) -> list[Hit]:
        language = detect_language(query)
        vector = self._embedder.embed_queries([query])[0]
        abroad = " ".join([query, *other_writings(query, self._name_pairs)])
        lexical = [
            dict(self._snapshot.lexical.search(query if spoken == language else abroad, self._candidates(k), rows))
            for spoken, rows in allowed.items()
        ]
        cosines = [self._cosines(vector, k, rows, found) for rows, found in zip(allowed.values(), lexical, strict=True)]
        close = [{row: self._closeness(vector, row, cosine) for row, cosine in found.items()} for found in cosines]
        own = self._own_rows.get(language, frozenset())
        cosine, bm25 = dict(ChainMap(*cosines)), dict(ChainMap(*lexical))
        fused = fuse(above_language(close), bm25, own)[:k]
        passages = self._snapshot.store.passages([row for row, _ in fused])
        return [
            Hit(passage, score, cosine[row], bm25.get(row))
            for passage, (row, score) in zip(passages, fused, strict=True)
        ]

    def _candidates(self, k: int) -> int:
        return max(k, self._settings.candidates)

    def _cosines(
        self, vector: Vectors, k: int, allowed: Sequence[int] | None, by_words: Collection[int]
    ) -> dict[int, float]:
        """Return {row: cosine} of the passages nearest to ``vector``, and of those found by words."""
        nearest = dict(self._snapshot.vectors.search(vector, self._candidates(k), allowed))
        further = [row for row in by_words if row not in nearest]
        return nearest | dict(self._snapshot.vectors.search(vector, len(further), further))

    def _closeness(self, vector: Vectors, row: int, cosine: float) -> float:
        """Return how close a passage is: half by the passage as a whole, half by its sentence that is closest.

        One vector says what a passage is about, not every fact in it.
        """
        sentences = self._snapshot.sentences.of(row) @ vector
        return (cosine + float(sentences.max(initial=-1.0))) / 2 if len(sentences) else cosine

    def _allowed_by_language(
        self, filters: Metadata, exclude_documents: AbstractSet[str]
    ) -> dict[Language, Sequence[int] | None]:
        """Return the rows to search in each language; None where that is every passage of the index."""
        if filters or exclude_documents:
            allowed = set(self._snapshot.store.rows_where(filters)) - self._rows_of(exclude_documents)
            return {language: sorted(rows & allowed) for language, rows in self._rows_by_language.items()}
        if len(self._rows_by_language) == 1:
            return dict.fromkeys(self._rows_by_language)
        return {language: sorted(rows) for language, rows in self._rows_by_language.items()}

    def _rows_of(self, documents: AbstractSet[str]) -> set[int]:
        return {
            row
            for record in self._snapshot.manifest.documents
            if record.id in documents
            for row in range(record.first_row, record.first_row + record.count)
        }


def _with_largest(strays: frozenset[int], found: Mapping[Language, frozenset[int]]) -> dict[Language, frozenset[int]]:
    """Return the rows to rank by themselves, by language.

    A few pages of no known language (names, figures) are too few to have something in common: the closest of them
    would come near the top for any question. They are ranked with the largest language.
    """
    largest = max(found, key=lambda language: len(found[language]))
    grouped = {language: rows - strays for language, rows in found.items()}
    return {language: rows for language, rows in (grouped | {largest: found[largest] | strays}).items() if rows}
