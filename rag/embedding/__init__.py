"""Embedders behind one protocol."""

from __future__ import annotations

from rag.embedding.base import Embedder
from rag.models.references import resolve_embedder
from rag.settings import Settings


def open_embedder(settings: Settings) -> Embedder:
    """Load the embedder that the settings name.

    Raises:
        ModelError: the model is unknown, not fetched, damaged, or does not load.
    """
    reference = resolve_embedder(settings.embedder, settings.models_dir)
    from rag.embedding.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415 - imports torch

    return SentenceTransformerEmbedder(reference)
