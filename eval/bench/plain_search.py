"""Search as a plain program would do it: the embedder in float32, FAISS flat, BM25 scored in Python, ranks fused."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
import numpy as np

from rag import content_terms
from rag.embedding.base import Vectors

# BM25's parameters as Lucene has them, and the rank constant of reciprocal rank fusion (Cormack et al., 2009).
_K1, _B = 1.2, 0.75
_RANK_CONSTANT = 60
_CANDIDATES = 50


class PlainBm25:
    """BM25 (Robertson et al., 1995) over lists of postings."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._lengths: list[int] = []
        for row, text in enumerate(texts):
            terms = content_terms(text)
            self._lengths.append(len(terms))
            for term, count in Counter(terms).items():
                self._postings[term].append((row, count))
        self._mean = sum(self._lengths) / max(len(self._lengths), 1) or 1.0

    def search(self, query: str, k: int) -> list[int]:
        """Return up to ``k`` rows, best first."""
        scores: dict[int, float] = defaultdict(float)
        for term in dict.fromkeys(content_terms(query)):
            postings = self._postings.get(term, [])
            idf = math.log(1 + (len(self._lengths) - len(postings) + 0.5) / (len(postings) + 0.5))
            for row, count in postings:
                norm = _K1 * (1 - _B + _B * self._lengths[row] / self._mean)
                scores[row] += idf * count * (_K1 + 1) / (count + norm)
        return sorted(scores, key=lambda row: -scores[row])[:k]


class PlainSearch:
    """Both legs over ``texts`` with their ``vectors``, float32 of shape (len(texts), dimension), of length 1."""

    def __init__(self, embed: Callable[[str], Vectors], texts: Sequence[str], vectors: Vectors) -> None:
        self._embed = embed
        self._words = PlainBm25(texts)
        self._flat = faiss.IndexFlatIP(vectors.shape[1])
        self._flat.add(np.ascontiguousarray(vectors, np.float32))

    def search(self, query: str, k: int) -> list[int]:
        """Return up to ``k`` rows, best first, for a question."""
        vector = np.ascontiguousarray(self._embed(query), np.float32).reshape(1, -1)
        _, near = self._flat.search(vector, min(_CANDIDATES, self._flat.ntotal))
        scores: dict[int, float] = defaultdict(float)
        for ranking in (near[0].tolist(), self._words.search(query, _CANDIDATES)):
            for rank, row in enumerate(ranking, start=1):
                scores[row] += 1 / (_RANK_CONSTANT + rank)
        return sorted(scores, key=lambda row: -scores[row])[:k]


class PlainEncoder:
    """sentence-transformers' own encoding with its defaults, in float32: vectors of length 1."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - slow to import

        self._model = SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"}
        )

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed texts to be found: float32 of shape (len(texts), dimension)."""
        vectors = self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)

    def query(self, text: str) -> Vectors:
        """Embed a question: float32 of shape (dimension,)."""
        return np.asarray(
            self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False), np.float32
        )
