from collections.abc import Callable, Sequence

import numpy as np
import pytest

from rag.embedding.base import Embedder, Vectors
from rag.embedding.remembering import RememberingEmbedder


@pytest.fixture
def counted(bag_embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The texts of each call that reached the embedder."""
    calls: list[list[str]] = []
    embed = bag_embedder.embed_passages

    def counting(texts: Sequence[str], batch_size: int = 32, progress: Callable[[int], None] | None = None) -> Vectors:
        calls.append(list(texts))
        return embed(texts, batch_size, progress)

    monkeypatch.setattr(bag_embedder, "embed_passages", counting)
    return calls


def test_vectors_are_the_same_and_only_new_texts_cost(bag_embedder: Embedder, counted: list[list[str]]) -> None:
    plain = bag_embedder.embed_passages(["alpha", "beta", "alpha"])
    remembering = RememberingEmbedder(bag_embedder)
    assert np.array_equal(remembering.embed_passages(["alpha", "beta", "alpha"]), plain)
    assert np.array_equal(remembering.embed_passages(["beta", "gamma"])[0], plain[1])
    assert counted[1:] == [["alpha", "beta"], ["gamma"]]
    assert remembering.embed_passages([]).shape == (0, bag_embedder.dimension)


def test_the_oldest_are_forgotten(bag_embedder: Embedder, counted: list[list[str]]) -> None:
    remembering = RememberingEmbedder(bag_embedder, capacity=2)
    remembering.embed_passages(["alpha", "beta"])
    remembering.embed_passages(["alpha"])
    remembering.embed_passages(["gamma"])
    remembering.embed_passages(["alpha"])
    remembering.embed_passages(["beta"])
    assert counted == [["alpha", "beta"], ["gamma"], ["beta"]]


def test_a_question_is_not_taken_for_a_passage(bag_embedder: Embedder, counted: list[list[str]]) -> None:
    remembering = RememberingEmbedder(bag_embedder)
    question = remembering.embed_queries(["alpha"])
    calls = len(counted)
    assert np.array_equal(remembering.embed_queries(["alpha"]), question)
    assert len(counted) == calls
    remembering.embed_passages(["alpha"])
    assert len(counted) == calls + 1
