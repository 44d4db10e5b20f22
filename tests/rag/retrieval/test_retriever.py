from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rag import Settings, load_settings, open_embedder, open_snapshot
from rag.curating.curator import curate
from rag.domain import Hit
from rag.embedding.base import Embedder
from rag.retrieval.retriever import Retriever

DOCUMENTS = {
    "apple.md": "---\ntopic: partners\n---\n# Partner\n\nApple chose Alibaba for its consumer data.\n",
    "huawei.md": "---\ntopic: market\n---\n# Sales\n\nHuawei's phone sales rose 42% while Apple's fell.\n",
    "weather.md": "# Weather\n\nIt rained in Hangzhou, and the tea was good.\n",
    "苹果.md": "---\ntopic: partners\n---\n# 合作\n\n苹果公司选择与阿里巴巴合作，DeepSeek没有入选。\n",
    "茶.md": "# 茶\n\n杭州的龙井茶很有名，游客很多。龙井（Longjing）是一种绿茶。\n",
    "words.md": "# Words\n\nEnglish: green tea; Chinese: 绿茶，即不发酵茶。 Black tea; Chinese: 红茶，即发酵茶。\n",
    "产地.md": "# 产地\n\n龙井产于西湖周围的山上。\n",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("retrieval")
    (folder / "corpus").mkdir()
    for name, text in DOCUMENTS.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def retriever(folder: Path, bag_embedder: Embedder) -> Iterator[Retriever]:
    settings = load_settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
    curate(settings, open_embedder=lambda _: bag_embedder)
    snapshot = open_snapshot(settings.index_dir)
    yield Retriever(snapshot, bag_embedder, settings.retrieval)
    snapshot.close()


def documents(hits: list[Hit]) -> list[str]:
    return [hit.passage.document_id for hit in hits]


def test_the_best_passage_comes_first_with_all_its_scores(retriever: Retriever, bag_embedder: Embedder) -> None:
    question = "Why did Apple choose Alibaba?"
    hits = retriever.search(question)
    assert documents(hits)[0] == "apple.md"
    assert hits[0].score == 1.0
    assert hits[0].lexical is not None
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    query = bag_embedder.embed_queries([question])[0]
    top = bag_embedder.embed_passages(["Partner\n" + hits[0].passage.text, hits[0].passage.text])
    assert any(hits[0].dense == pytest.approx(float(vector @ query), abs=0.2) for vector in top)


def test_a_question_finds_passages_of_both_languages(retriever: Retriever) -> None:
    hits = retriever.search("苹果为什么没有选择DeepSeek？")
    assert documents(hits)[0] == "苹果.md"
    assert {hit.passage.language for hit in hits} == {"en", "zh"}


def test_a_name_is_found_in_a_text_of_another_language(retriever: Retriever) -> None:
    assert documents(retriever.search("What happened to DeepSeek?"))[0] == "苹果.md"


def test_a_name_is_looked_for_in_the_writing_of_the_other_language(retriever: Retriever) -> None:
    found = {hit.passage.document_id: hit for hit in retriever.search("On which hills does Longjing grow?")}
    assert found["产地.md"].lexical is not None


def test_a_hit_of_words_alone_gets_its_cosine_too(
    retriever: Retriever, bag_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def towards_apple(texts: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        return bag_embedder.embed_passages(["Apple chose Alibaba consumer data"] * len(texts))

    monkeypatch.setattr(bag_embedder, "embed_queries", towards_apple)
    monkeypatch.setattr(retriever, "_settings", retriever._settings.model_copy(update={"candidates": 2, "top_k": 2}))
    found = {hit.passage.document_id: hit for hit in retriever.search("rained", filters={"language": "en"})}
    assert set(found) == {"apple.md", "weather.md"}
    assert found["apple.md"].lexical is None
    apple, weather = found["apple.md"].dense, found["weather.md"].dense
    assert apple is not None
    assert weather is not None
    assert weather < apple


def test_a_glossary_without_the_words_does_not_pass_for_another_language(retriever: Retriever) -> None:
    """Only where a passage speaks another language alone does a missing word say nothing."""
    glossary = retriever._snapshot.store.mixed_rows()
    assert [retriever._snapshot.store.passages([row])[0].document_id for row in glossary] == ["words.md"]
    assert all(retriever._speaks["zh"][row] and retriever._speaks["en"][row] for row in glossary)


def test_filters_narrow_the_search(retriever: Retriever) -> None:
    assert set(documents(retriever.search("Apple", filters={"topic": "partners"}))) == {"apple.md", "苹果.md"}
    assert documents(retriever.search("Apple", filters={"topic": "partners", "language": "zh"})) == ["苹果.md"]
    assert documents(retriever.search("Apple", filters={"id": ("huawei.md", "weather.md")}))[0] == "huawei.md"
    assert retriever.search("Apple", filters={"topic": "nothing"}) == []


def test_documents_can_be_left_out(retriever: Retriever) -> None:
    hits = retriever.search("Why did Apple choose Alibaba?", exclude_documents={"apple.md", "苹果.md"})
    assert documents(hits)[0] == "huawei.md"
    assert not {"apple.md", "苹果.md"} & set(documents(hits))


def test_k_bounds_the_hits(retriever: Retriever) -> None:
    assert len(retriever.search("Apple", k=2)) == 2
    assert len(retriever.search("Apple", k=100)) == len(DOCUMENTS)


@pytest.mark.parametrize("query", ["", "   ", "?!", "的", "the", 'terms:"x" AND (', "x" * 20_000, "Où est-il ?"])
def test_any_query_is_taken(retriever: Retriever, query: str) -> None:
    assert all(0 < hit.score <= 1 for hit in retriever.search(query))


def test_the_same_query_finds_the_same(retriever: Retriever) -> None:
    assert retriever.search("Apple's sales") == retriever.search("Apple's sales")


@pytest.mark.models
def test_the_real_embedder_crosses_languages(folder: Path) -> None:
    settings = Settings(corpus_dir=folder / "corpus", index_dir=folder / "real")
    curate(settings)
    embedder = open_embedder(settings)
    snapshot = open_snapshot(settings.index_dir)
    snapshot.check_embedder(embedder)
    retriever = Retriever(snapshot, embedder, settings.retrieval)
    assert set(documents(retriever.search("Why did Apple choose Alibaba?"))[:2]) == {"apple.md", "苹果.md"}
    assert documents(retriever.search("华为的手机销量变化", k=1)) == ["huawei.md"]
    snapshot.close()


def test_pages_of_no_known_language_are_ranked_among_the_others(tmp_path: Path, bag_embedder: Embedder) -> None:
    """Ranked by themselves, the best of their kind would come before pages that say more."""
    (tmp_path / "corpus").mkdir()
    for number in range(60):
        text = f"Report {number} tells how the harbour of town {number} grew with the tea trade of that year.\n"
        (tmp_path / "corpus" / f"{number:02}.md").write_text(text, encoding="utf-8")
    for number in range(20):
        text = "El puerto de la ciudad creció mucho con el comercio del té durante todo aquel año" + ".\n"
        known = text if number else text.replace("puerto", "puerto (harbour trade)")
        (tmp_path / "corpus" / f"stray-{number:02}.md").write_text(known, encoding="utf-8")
    settings = load_settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    curate(settings, open_embedder=lambda _: bag_embedder)
    snapshot = open_snapshot(settings.index_dir)
    assert len(snapshot.store.rows_where({"language": "other"})) == 20
    found = documents(
        Retriever(snapshot, bag_embedder, settings.retrieval).search("How did the harbour trade grow?", k=40)
    )
    snapshot.close()
    assert not [name for name in found if name.startswith("stray")]
