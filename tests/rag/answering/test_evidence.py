from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.answering.evidence import Evidence, embedding_on_the_spot, narrowed, select_evidence, whole_passage
from rag.domain import Hit, Passage
from rag.embedding.base import Embedder

MakePassage = Callable[..., Passage]


def words(text: str) -> int:
    return len(text.split())


def select(question: str, hits: list[Hit], embedder: Embedder, budget: int) -> Evidence:
    return select_evidence(embedder.embed_queries([question]), hits, embedding_on_the_spot(embedder), words, budget)


def test_the_relevant_sentences_are_chosen_and_shown_in_reading_order(
    bag_embedder: Embedder, make_passage: MakePassage
) -> None:
    first = make_passage("Rain fell in spring.", "Huawei sales rose 42%.", "The sales of Huawei rose in autumn.")
    other = make_passage("Grass is green in summer.", document_id="other")
    evidence = select("How did Huawei sales change?", [Hit(first, 1.0), Hit(other, 0.2)], bag_embedder, 24)
    assert [s.text for s in evidence.sentences][-2:] == [
        "Huawei sales rose 42%.",
        "The sales of Huawei rose in autumn.",
    ]
    assert evidence.vectors.shape == (len(evidence.sentences), bag_embedder.dimension)
    assert evidence.as_prompt_text("en").startswith("[Title of doc]\n")


def test_what_stands_twice_is_read_once(bag_embedder: Embedder, make_passage: MakePassage) -> None:
    text = "Apple chose Alibaba for its extensive consumer data in China."
    hits = [
        Hit(make_passage(text), 1.0),
        Hit(make_passage(text, document_id="copy"), 0.9),
        Hit(make_passage(text), 0.8),
    ]
    evidence = select("Why Alibaba?", hits, bag_embedder, 200)
    assert [s.passage.document_id for s in evidence.sentences] == ["doc"]


def test_a_gap_between_sentences_shows(bag_embedder: Embedder, make_passage: MakePassage) -> None:
    passage = make_passage(
        "Alpha sales rose.", "Nothing of note happened anywhere on that long day.", "Alpha sales fell."
    )
    evidence = select("alpha sales", [Hit(passage, 1.0)], bag_embedder, 17)
    assert "Alpha sales rose. … Alpha sales fell." in evidence.as_prompt_text("en")


def test_no_hits_no_evidence(bag_embedder: Embedder) -> None:
    assert select("anything", [], bag_embedder, 100).sentences == ()


def test_the_first_passage_is_read_from_its_beginning(bag_embedder: Embedder, make_passage: MakePassage) -> None:
    first = make_passage("Rain fell in spring.", "It was cold.", "Huawei sales rose.", "Grass grew.")
    other = make_passage("Snow fell.", "Ice was thin.", "Huawei tablet sales fell.", document_id="other")
    evidence = select("How did Huawei sales change?", [Hit(first, 1.0), Hit(other, 0.9)], bag_embedder, 28)
    assert [s.text for s in evidence.sentences][:3] == [
        "Rain fell in spring.",
        "It was cold.",
        "Huawei sales rose.",
    ]
    assert whole_passage(first, "en").startswith(evidence.as_prompt_text("en").split("\n\n")[0])
    assert "Huawei tablet sales fell." in [s.text for s in evidence.sentences]
    assert "Snow fell." not in [s.text for s in evidence.sentences]


def test_a_long_way_into_the_first_passage_is_not_read(bag_embedder: Embedder, make_passage: MakePassage) -> None:
    table = make_passage(*(f"Row {n} is of no interest to anybody." for n in range(4)), "Huawei sales rose.")
    other = make_passage("Huawei tablet sales fell.", document_id="other")
    evidence = select("How did Huawei sales change?", [Hit(table, 1.0), Hit(other, 0.9)], bag_embedder, 45)
    assert [s.text for s in evidence.sentences][-1] == "Huawei tablet sales fell."


def test_what_another_hit_repeats_does_not_break_the_first_passage(
    bag_embedder: Embedder, make_passage: MakePassage
) -> None:
    before = make_passage("Wind blew from the grey northern sea.", "Rain fell on all the hills in spring.")
    after = make_passage("Rain fell on all the hills in spring.", "Huawei sales rose 42%.", start=len(before.text) - 37)
    evidence = select("Huawei sales", [Hit(before, 0.6), Hit(after, 0.6)], bag_embedder, 60)
    assert [s.text for s in evidence.sentences] == [
        "Rain fell on all the hills in spring.",
        "Huawei sales rose 42%.",
        "Wind blew from the grey northern sea.",
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(budget=st.integers(0, 60), count=st.integers(1, 6))
def test_the_budget_holds_and_every_sentence_is_a_slice(
    bag_embedder: Embedder, make_passage: MakePassage, budget: int, count: int
) -> None:
    passages = [
        make_passage(*(f"Item {n} of part {k} is number {n * k}." for n in range(5)), document_id=str(k), start=7 * k)
        for k in range(count)
    ]
    evidence = select(
        "which number is item 3", [Hit(p, 1 / (k + 1)) for k, p in enumerate(passages)], bag_embedder, budget
    )
    assert words(evidence.as_prompt_text("en").replace(" … ", " ")) <= budget
    for sentence in evidence.sentences:
        offset = sentence.passage.start
        assert sentence.text == sentence.passage.text[sentence.start - offset : sentence.end - offset]
    assert np.isfinite(evidence.vectors).all()
    part = narrowed(evidence, words, budget // 2)
    assert set(part.sentences) <= set(evidence.sentences)
    assert words(part.as_prompt_text("en").replace(" … ", " ")) <= budget // 2
    assert part.vectors.shape == (len(part.sentences), bag_embedder.dimension)


@pytest.mark.models
def test_the_answering_sentence_is_chosen_across_languages(embedder: Embedder, make_passage: MakePassage) -> None:
    passage = make_passage(
        "The company was founded in 1976.",
        "Its headquarters are in Cupertino.",
        "Sales in China fell 11.1% year over year.",
        "The company sells phones and computers.",
    )
    evidence = select("中国的销售额下降了多少？", [Hit(passage, 1.0)], embedder, 16)
    assert "Sales in China fell 11.1% year over year." in [s.text for s in evidence.sentences]


def test_a_list_comes_whole_or_not_at_all(bag_embedder: Embedder, make_passage: MakePassage) -> None:
    passage = make_passage(
        "PIPL names three ways abroad:", "- a security assessment", "- a certification", "- a contract", "Rain fell."
    )
    chosen = [s.text for s in select("Which ways abroad?", [Hit(passage, 1.0)], bag_embedder, 22).sentences]
    assert chosen[:4] == [
        "PIPL names three ways abroad:",
        "- a security assessment",
        "- a certification",
        "- a contract",
    ]
    short = select("Which ways abroad?", [Hit(passage, 1.0)], bag_embedder, 9)
    assert [s.text for s in short.sentences] == ["Rain fell."]


def test_headings_are_left_to_the_source_line(bag_embedder: Embedder, make_passage: MakePassage) -> None:
    passage = make_passage("Sales", "Huawei sales rose.", heading=("Sales",))
    evidence = select("sales", [Hit(passage, 1.0)], bag_embedder, 50)
    assert [s.text for s in evidence.sentences] == ["Huawei sales rose."]


def test_each_part_of_a_question_finds_its_sentence(bag_embedder: Embedder, make_passage: MakePassage) -> None:
    passage = make_passage("Liang founded DeepSeek.", "The chairman of Alibaba is Tsai.", "Rain fell on grey hills.")
    parts = bag_embedder.embed_queries(["Who founded DeepSeek", "who is the chairman of Alibaba"])
    evidence = select_evidence(parts, [Hit(passage, 1.0)], embedding_on_the_spot(bag_embedder), words, 18)
    assert [s.text for s in evidence.sentences] == ["Liang founded DeepSeek.", "The chairman of Alibaba is Tsai."]
