from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from eval.support.checker import Checker, Held, opened_checker, source_document
from rag.embedding.base import Embedder, Vectors
from rag.settings import ChunkingSettings

CheckerOf = Callable[..., Checker]
_APPLE = source_document("apple", "Apple chose Alibaba for its consumer data.\nDeepSeek lacked staff.")
_SALES = source_document("sales", "Huawei's sales rose 42%.\nApple's sales fell 0.3%.")


def test_each_sentence_is_cited_from_the_documents_that_it_is_held_against(checker_of: CheckerOf) -> None:
    checker = checker_of(_APPLE, _SALES)
    text = "Huawei's sales rose 42%. Apple chose Alibaba for its consumer data."
    cited = checker.cite(Held(text, ("sales",)))
    assert [sentence.verdict for sentence in cited.sentences] == ["supported", "unsupported"]
    assert cited.quotes == ("Huawei's sales rose 42%.",)
    both = checker.cite(Held(text, ("apple", "sales")))
    assert [sentence.verdict for sentence in both.sentences] == ["supported", "supported"]
    assert set(both.quotes) == {"Huawei's sales rose 42%.", "Apple chose Alibaba for its consumer data."}


def test_a_line_is_a_sentence_though_it_has_no_stop(checker_of: CheckerOf) -> None:
    checker = checker_of(source_document("d", "Born in Los Angeles\nDied in San Diego"))
    assert checker.cite(Held("Died in San Diego", ("d",))).quotes == ("Died in San Diego",)


def test_facts_that_the_sources_lack_are_told(checker_of: CheckerOf) -> None:
    cited = checker_of(_SALES).cite(Held("Huawei's sales rose 24%.", ("sales",)))
    assert cited.lacking == ("24%",)
    assert cited.sentences[0].verdict != "supported"


def test_text_is_normalised_as_documents_are(checker_of: CheckerOf) -> None:
    checker = checker_of(source_document("d", "It opened on 4\u00a0August 2023."))
    cited = checker.cite(Held("It opened on\u00a04 August 2023.", ("d",)))
    assert cited.quotes == ("It opened on 4 August 2023.",)
    assert cited.sentences[0].text == "It opened on 4 August 2023."


def test_words_weigh_by_how_rare_they_are_in_the_documents(checker_of: CheckerOf) -> None:
    common = [source_document(f"c{i}", f"The committee met in room {i}.") for i in range(20)]
    checker = checker_of(source_document("d", "The committee praised everybody."), *common)
    rare = checker.cite(Held("Somebody praised it.", ("d",))).sentences[0].support
    frequent = checker.cite(Held("Somebody saw the committee.", ("d",))).sentences[0].support
    assert rare > frequent


def test_all_come_in_order_however_many(checker_of: CheckerOf) -> None:
    documents = [source_document(str(i), f"Fact number {i} stands.") for i in range(40)]
    texts = [Held(document.text, (document.id,)) for document in documents]
    quotes = [cited.quotes for cited in checker_of(*documents).cite_all(texts)]
    assert quotes == [(document.text,) for document in documents]


def test_sources_are_embedded_once(bag_embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded: list[str] = []
    embed = bag_embedder.embed_passages

    def counting(texts: Sequence[str], batch_size: int = 32) -> Vectors:
        embedded.extend(texts)
        return embed(texts, batch_size)

    monkeypatch.setattr(bag_embedder, "embed_passages", counting)
    with opened_checker([_SALES], bag_embedder, ChunkingSettings()) as checker:
        list(checker.cite_all([Held("Huawei rose.", ("sales",)), Held("Apple fell.", ("sales",))]))
    assert [embedded.count(sentence) for sentence in _SALES.text.split("\n")] == [1, 1]


def test_without_any_sentence_to_cite_nothing_is_supported(checker_of: CheckerOf) -> None:
    (sentence,) = checker_of(source_document("d", "\u200b")).cite(Held("It rained.", ("d",))).sentences
    assert (sentence.verdict, sentence.support) == ("unsupported", 0.0)
