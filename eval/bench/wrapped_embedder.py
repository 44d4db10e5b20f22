"""An embedder that passes everything on, to be changed in one point."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag import Embedder
from rag.domain import Span
from rag.embedding.base import Vectors


class WrappedEmbedder:
    """Does what ``embedder`` does."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.name, self.sha256 = embedder.name, embedder.sha256
        self.dimension, self.max_tokens = embedder.dimension, embedder.max_tokens

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``."""
        return self.embedder.count_tokens(text)

    def token_spans(self, text: str) -> list[Span]:
        """Return each token's span in ``text``, in order."""
        return self.embedder.token_spans(text)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions: float32 of shape (len(texts), dimension), each row of length 1."""
        return self.embedder.embed_queries(texts)

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 64, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Embed texts to be found: float32 of shape (len(texts), dimension), each row of length 1."""
        return self.embedder.embed_passages(texts, batch_size, progress)
