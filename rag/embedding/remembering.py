"""An embedder that remembers: sentences come up again with other questions, a question in each step."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from rag.domain import Span
from rag.embedding.base import Embedder, Vectors

# 30 MB of vectors with the default embedder.
_CAPACITY = 20_000
# Sentences embedded in one go for an answer: a search that comes in between shares the cores that long.
_BATCH = 4


class RememberingEmbedder:
    """Passes everything on to ``embedder``, and keeps the vectors of the texts last used.

    Safe to use from several threads.
    """

    def __init__(self, embedder: Embedder, capacity: int = _CAPACITY) -> None:
        self._embedder = embedder
        self._capacity = capacity
        self._vectors: OrderedDict[tuple[str, str], Vectors] = OrderedDict()
        self._lock = threading.Lock()
        self.name, self.sha256 = embedder.name, embedder.sha256
        self.dimension, self.max_tokens = embedder.dimension, embedder.max_tokens

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``."""
        return self._embedder.count_tokens(text)

    def token_spans(self, text: str) -> list[Span]:
        """Return each token's span in ``text``, in order."""
        return self._embedder.token_spans(text)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions, those that are remembered without work: float32 of shape (len(texts), dimension)."""
        return self._recall("query", texts, self._embedder.embed_queries)

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = _BATCH, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Embed texts to be found, those that are remembered without work: float32, (len(texts), dimension)."""
        vectors = self._recall("passage", texts, lambda new: self._embedder.embed_passages(new, batch_size))
        if progress is not None and texts:
            progress(len(texts))
        return vectors

    def _recall(self, kind: str, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        with self._lock:
            known = {text: self._vectors[kind, text] for text in texts if (kind, text) in self._vectors}
        new = list(dict.fromkeys(text for text in texts if text not in known))
        if new:
            known |= zip(new, embed(new), strict=True)
        self._remember({(kind, text): vector for text, vector in known.items()})
        return np.stack([known[text] for text in texts])

    def _remember(self, vectors: dict[tuple[str, str], Vectors]) -> None:
        with self._lock:
            for key, vector in vectors.items():
                self._vectors[key] = vector
                self._vectors.move_to_end(key)
            while len(self._vectors) > self._capacity:
                self._vectors.popitem(last=False)
