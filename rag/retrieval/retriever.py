"""Finds the passages for a question: by meaning and by words, fused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from rag.domain import Hit, Language, Metadata
from rag.embedding.base import Embedder, Vectors
from rag.index.lexical import EVERYTHING, Among
from rag.index.name_pairs import other_writings
from rag.index.partitions import Rows
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
        self._beside = ThreadPoolExecutor(thread_name_prefix="words")
        store, count = snapshot.store, len(snapshot.vectors)
        found = {language: store.rows_in(language) for language in _LANGUAGES}
        self._name_pairs = store.name_pairs()
        strays = found["other"] if len(found["other"]) < settings.candidates else _numbers([])
        self._groups = _groups(found, strays, count)
        for group in self._groups:
            if group.rows is not None:
                snapshot.vectors.gather(group.rows)
        # Where a passage speaks both languages, or none, a missing word counts whatever the question's.
        mixed = np.union1d(strays, _numbers(store.mixed_rows()))
        every = np.arange(count)
        self._speaks = {language: np.isin(every, np.union1d(rows, mixed)) for language, rows in found.items()}

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
        groups = self._narrowed(filters, exclude_documents)
        if not translation:
            return self._search_parts(query, k, groups)
        rankings = [self._search_parts(text, self._candidates(k), groups) for text in (query, translation)]
        return joined(rankings)[:k]

    def _search_parts(self, query: str, k: int, groups: Sequence[_Group]) -> list[Hit]:
        best: dict[str, Hit] = {}
        parts = list(dict.fromkeys([query, *parts_of(query)]))
        # Beside the embedding, which has most to do.
        words = self._beside.submit(lambda: [self._by_words(part, k, groups) for part in parts])
        vectors = self._embedder.embed_queries(parts)
        for vector, by_words in zip(vectors, words.result(), strict=True):
            for hit in self._search_one(vector, by_words, k, groups):
                known = best.get(hit.passage.id)
                if known is None or hit.score > known.score:
                    best[hit.passage.id] = hit
        return sorted(best.values(), key=lambda hit: -hit.score)[:k]

    def _search_one(self, vector: Vectors, by_words: _ByWords, k: int, groups: Sequence[_Group]) -> list[Hit]:
        cosines = [self._cosines(vector, k, *found) for found in zip(groups, by_words.scores, strict=True)]
        close = [self._closeness(vector, found) for found in cosines]
        cosine, bm25 = _united(cosines), _united(by_words.scores)
        speaks = self._speaks[by_words.language]
        own = {row for row in cosine if speaks[row]}
        fused = fuse(above_language(close), bm25, own)[:k]
        passages = self._snapshot.store.passages([row for row, _ in fused])
        return [
            Hit(passage, score, cosine[row], bm25.get(row))
            for passage, (row, score) in zip(passages, fused, strict=True)
        ]

    def _by_words(self, query: str, k: int, groups: Sequence[_Group]) -> _ByWords:
        language = detect_language(query)
        abroad = " ".join([query, *other_writings(query, self._name_pairs)])
        search, count = self._snapshot.lexical.search, self._candidates(k)
        found = [dict(search(query if language in group.languages else abroad, count, group.words)) for group in groups]
        return _ByWords(language, found)

    def _candidates(self, k: int) -> int:
        return max(k, self._settings.candidates)

    def _cosines(self, vector: Vectors, k: int, group: _Group, by_words: Collection[int]) -> dict[int, float]:
        """Return {row: cosine} of the passages nearest to ``vector``, and of those found by words."""
        nearest = dict(self._snapshot.vectors.search(vector, self._candidates(k), group.rows))
        return nearest | self._snapshot.vectors.cosines(vector, [row for row in by_words if row not in nearest])

    def _closeness(self, vector: Vectors, cosines: Mapping[int, float]) -> dict[int, float]:
        """Return how close passages are: half by the passage as a whole, half by its sentence that is closest.

        One vector says what a passage is about, not every fact in it.
        """
        closest = self._snapshot.sentences.closest(vector, list(cosines))
        return {
            row: cosine if sentence is None else (cosine + sentence) / 2
            for (row, cosine), sentence in zip(cosines.items(), closest, strict=True)
        }

    def _narrowed(self, filters: Metadata, exclude_documents: AbstractSet[str]) -> Sequence[_Group]:
        if not filters and not exclude_documents:
            return self._groups
        excluded = [
            row
            for record in self._snapshot.manifest.documents
            if record.id in exclude_documents
            for row in range(record.first_row, record.first_row + record.count)
        ]
        allowed = np.setdiff1d(_numbers(self._snapshot.store.rows_where(filters)), _numbers(excluded))
        return [group.narrowed_to(allowed) for group in self._groups]


@dataclass(frozen=True, slots=True)
class _Group:
    """Passages that are ranked by themselves, as both legs are told of them."""

    languages: tuple[Language, ...]
    members: NDArray[np.int64]
    rows: Rows | None
    words: Among
    count: int

    def narrowed_to(self, allowed: NDArray[np.int64]) -> _Group:
        left = np.intersect1d(self.members, allowed).tolist()
        return replace(self, rows=Rows(left, self.count), words=Among(rows=left))


@dataclass(frozen=True, slots=True)
class _ByWords:
    """The language of a query, and {row: BM25 score} of each group."""

    language: Language
    scores: Sequence[Mapping[int, float]]


def _united(found: Sequence[Mapping[int, float]]) -> dict[int, float]:
    return {row: score for rows in found for row, score in rows.items()}


def _numbers(rows: Sequence[int]) -> NDArray[np.int64]:
    return np.array(rows, np.int64)


def _groups(found: Mapping[Language, NDArray[np.int64]], strays: NDArray[np.int64], count: int) -> list[_Group]:
    """Return what is ranked by itself: each language.

    A few pages of no known language (names, figures) are too few to have something in common: the closest of them
    would come near the top for any question. They are ranked with the largest language.
    """
    largest = max(found, key=lambda language: len(found[language]))
    members = {language: np.setdiff1d(rows, strays) for language, rows in found.items()}
    members[largest] = np.union1d(found[largest], strays)
    groups = {language: rows for language, rows in members.items() if len(rows)}
    if len(groups) == 1:
        return [_Group((language,), rows, None, EVERYTHING, count) for language, rows in groups.items()]
    spoken: dict[Language, tuple[Language, ...]] = {language: (language,) for language in groups}
    if len(strays):
        spoken[largest] = (largest, "other")
    return [
        _Group(spoken[language], rows, Rows(rows, count), Among(languages=spoken[language]), count)
        for language, rows in groups.items()
    ]
