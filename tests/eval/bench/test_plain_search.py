from __future__ import annotations

from eval.bench.plain_search import PlainBm25, PlainSearch
from rag.embedding.base import Embedder

TEXTS = ["Green tea comes from Hangzhou.", "The harbour takes ships.", "Tea, tea and tea.", "龙井茶产于杭州。"]


def test_words_rank_by_bm25() -> None:
    words = PlainBm25(TEXTS)
    assert words.search("tea", 5) == [2, 0]
    assert words.search("tea from Hangzhou", 1) == [0]
    assert words.search("杭州", 5) == [3]
    assert words.search("unheard", 5) == []
    assert PlainBm25([]).search("tea", 5) == []


def test_both_legs_are_fused(bag_embedder: Embedder) -> None:
    plain = PlainSearch(lambda text: bag_embedder.embed_queries([text])[0], TEXTS, bag_embedder.embed_passages(TEXTS))
    assert plain.search("Which ships does the harbour take?", 1) == [1]
    assert sorted(plain.search("tea", 9)) == [0, 1, 2, 3]
