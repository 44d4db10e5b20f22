from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from eval.bench.embedding import Labelled, labelled, measure
from eval.bench.wrapped_embedder import WrappedEmbedder
from eval.suites import Query
from rag.embedding.base import Embedder, Vectors

DOCUMENTS = {
    "tea": ["Green tea comes from Hangzhou.", "It is picked in April.", "Black tea is fermented."],
    "port": ["The harbour was deepened in 1998.", "It takes ships of 60,000 tonnes.", "Tugs wait outside."],
}


def query(question: str, relevant: str, answer: str) -> Query:
    return Query(question, question, "en", "s", True, relevant=(relevant,), answers=(answer,))


QUERIES = [query("Where does green tea come from?", "tea", "hangzhou"), query("When?", "port", "Hangzhou")]


class _Slow(WrappedEmbedder):
    """Embeds as the one it wraps, and remembers how often."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self.texts: list[str] = []

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 64, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        self.texts += texts
        return self.embedder.embed_passages(texts)


def test_texts_are_of_mixed_length_and_queries_know_those_with_their_answer() -> None:
    chosen = labelled(DOCUMENTS, QUERIES, 100)
    assert len(set(chosen.texts)) == len(chosen.texts) > len(DOCUMENTS["tea"])
    assert {text.count(".") for text in chosen.texts} >= {1, 2, 3}
    assert chosen.queries == ["Where does green tea come from?"]
    assert all("Hangzhou" in chosen.texts[row] for row in chosen.relevant[0])
    assert labelled(DOCUMENTS, QUERIES, 3).texts == chosen.texts[:3]


def test_both_embed_every_text_once_and_the_same_vectors_lose_nothing(bag_embedder: Embedder) -> None:
    chosen = labelled(DOCUMENTS, QUERIES, 8)
    plain, ours, done = _Slow(bag_embedder), _Slow(bag_embedder), list[int]()
    result = measure(plain.embed_passages, ours, chosen, 2, lambda: done.append(1))
    warm = list(chosen.texts[:8])
    assert sorted(plain.texts) == sorted(ours.texts) == sorted([*warm, *chosen.texts])
    assert len(done) == 4
    assert result.least_cosine == pytest.approx(1)
    assert result.found == (1.0, 1.0)
    assert [row.reached for row in result.rows() if row.goal][1:] == [True, True]


def test_vectors_of_something_else_are_found_out(bag_embedder: Embedder) -> None:
    chosen = Labelled([f"text {n}" for n in range(30)], ["text 3"], [frozenset({3})])

    def other(texts: Sequence[str]) -> Vectors:
        chance = np.random.default_rng(len(texts))
        vectors = chance.standard_normal((len(texts), bag_embedder.dimension))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    result = measure(other, bag_embedder, chosen, 1)
    assert result.least_cosine < 0.5
    assert result.rows()[3].reached is False
