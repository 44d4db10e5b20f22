"""What an embedder is to the rest of the house."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rag.domain import Span

Vectors: TypeAlias = NDArray[np.float32]


class TokenCounter(Protocol):
    """Counts and locates the tokens of a text as the embedder sees them, special tokens and prompts left out."""

    @property
    def max_tokens(self) -> int:
        """The most tokens of a passage's own text that fit the embedder beside its prompt and special tokens."""

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``."""

    def token_spans(self, text: str) -> list[Span]:
        """Return each token's span in ``text``, in order."""


class Embedder(TokenCounter, Protocol):
    """Turns text into unit vectors whose inner product is the cosine similarity."""

    @property
    def name(self) -> str:
        """The name it was asked for by."""

    @property
    def sha256(self) -> str:
        """Identifies the weights, so that an index is never searched with another embedder."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 64, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Embed texts to be found: float32 of shape (len(texts), dimension), each row of length 1.

        ``progress`` is called with the number of texts done since its last call.
        """

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions: float32 of shape (len(texts), dimension), each row of length 1."""
