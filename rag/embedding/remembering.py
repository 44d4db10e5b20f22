"""An embedder that remembers: the sentences of a passage are embedded again for each question that finds it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from rag.domain import Span
from rag.embedding.base import Embedder, Vectors

# 30 MB of vectors with the default embedder.
_CAPACITY = 20_000


class RememberingEmbedder:
    """Passes everything on to ``embedder``; of passages it keeps the vectors of the texts last used.

    Safe to use from several threads.
    """

    def __init__(self, embedder: Embedder, capacity: int = _CAPACITY) -> None:
        self._embedder = embedder
        self._capacity = capacity
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
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
        """Embed questions: float32 of shape (len(texts), dimension)."""
        return self._embedder.embed_queries(texts)

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 32, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Embed texts to be found, those that are remembered without work: float32, (len(texts), dimension)."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        new = list(dict.fromkeys(text for text in texts if text not in known))
        if new:
            known |= zip(new, self._embedder.embed_passages(new, batch_size), strict=True)
        if progress is not None:
            progress(len(texts))
        self._remember(known)
        return np.stack([known[text] for text in texts])

    def _remember(self, vectors: dict[str, Vectors]) -> None:
        with self._lock:
            for text, vector in vectors.items():
                self._vectors[text] = vector
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._capacity:
                self._vectors.popitem(last=False)
