"""What all embedders with a model's files have in common: who they are, and how the model sees a text."""

from __future__ import annotations

from rag.domain import Span
from rag.embedding.model_files import ModelFiles
from rag.embedding.tokenizer_file import TokenizerFile


class IdentifiedEmbedder:
    """The part of an Embedder that embeds nothing.

    Attributes:
        name: the name it was asked for by.
        sha256: identifies the weights.
        dimension: length of a vector.
    """

    def __init__(self, files: ModelFiles, dimension: int, tokens: TokenizerFile) -> None:
        self.name, self.sha256, self.dimension = files.name, files.sha256, dimension
        self._tokens = tokens

    @property
    def max_tokens(self) -> int:
        """The most tokens of a passage's own text that fit beside the prompt and the special tokens."""
        return self._tokens.max_tokens

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``."""
        return self._tokens.count_tokens(text)

    def token_spans(self, text: str) -> list[Span]:
        """Return each token's span in ``text``, in order."""
        return self._tokens.token_spans(text)
