from __future__ import annotations

import numpy as np

from eval.bench.wrapped_embedder import WrappedEmbedder
from rag.embedding.base import Embedder


def test_everything_is_passed_on(bag_embedder: Embedder) -> None:
    wrapped = WrappedEmbedder(bag_embedder)
    done: list[int] = []
    assert (wrapped.name, wrapped.sha256) == (bag_embedder.name, bag_embedder.sha256)
    assert (wrapped.dimension, wrapped.max_tokens) == (bag_embedder.dimension, bag_embedder.max_tokens)
    assert wrapped.count_tokens("green tea") == bag_embedder.count_tokens("green tea")
    assert wrapped.token_spans("tea") == bag_embedder.token_spans("tea")
    assert np.array_equal(wrapped.embed_queries(["tea"]), bag_embedder.embed_queries(["tea"]))
    assert np.array_equal(wrapped.embed_passages(["tea"], progress=done.append), bag_embedder.embed_passages(["tea"]))
    assert done == [1]
