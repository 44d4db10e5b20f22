import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rag.answering.calibration import LogisticModel, load_calibration
from rag.answering.evidence import Evidence, embedding_on_the_spot, select_evidence
from rag.answering.sufficiency import (
    decide,
    draft_features,
    is_sufficient,
    is_unfounded,
    pinned_features,
    pinned_text,
    retrieval_features,
    speaks_of_other_dates,
    verify,
)
from rag.domain import Citation, DocumentReference, Hit, Passage
from rag.embedding.base import Embedder
from rag.errors import ConfigurationError


def features_of(question: str, passage: Passage, embedder: Embedder) -> dict[str, float]:
    vector = embedder.embed_queries([question])[0]
    hits = [Hit(passage, 1.0, dense=0.8)]
    evidence = select_evidence(vector[None], hits, embedding_on_the_spot(embedder), len, 10_000)
    return retrieval_features(question, vector, hits, evidence, lambda _: 1.0)


def test_what_the_evidence_lacks_of_the_question_is_counted(
    bag_embedder: Embedder, make_passage: Callable[..., Passage]
) -> None:
    passage = make_passage("Huawei sales rose 42% in the third quarter of 2024.")
    there = features_of("How did Huawei sales change in the third quarter of 2024?", passage, bag_embedder)
    absent = features_of("How did the sales of Samsung change in 2019?", passage, bag_embedder)
    assert (there["lacking_numbers"], there["lacking_names"], there["cross"]) == (0, 0, 0)
    assert (absent["lacking_numbers"], absent["lacking_names"]) == (1, 1)
    assert there["coverage"] > absent["coverage"]
    assert there["dense"] == 0.8


def test_words_are_not_compared_across_languages(bag_embedder: Embedder, make_passage: Callable[..., Passage]) -> None:
    features = features_of("华为2019年销量如何？", make_passage("Huawei sales rose 42% in 2024."), bag_embedder)
    assert (features["cross"], features["coverage"], features["lacking_names"]) == (1, 0, 0)
    assert features["lacking_numbers"] == 1


@pytest.mark.parametrize(
    ("text", "hedged"),
    [
        ("The sources do not mention the battery capacity.", 1),
        ("No information is given about India.", 1),
        ("Apple did not choose Baidu.", 0),
        ("Its models are not open.", 0),
    ],
)
def test_hedging_is_heard_in_english(text: str, hedged: int) -> None:
    assert draft_features(text, "en", [])["hedged"] == hedged


@pytest.mark.parametrize(("text", "hedged"), [("资料中没有提到电池容量。", 1), ("苹果没有选择百度。", 0), ("", 1)])
def test_hedging_is_heard_in_chinese(text: str, hedged: int) -> None:
    assert draft_features(text, "zh", [])["hedged"] == hedged


def test_support_is_summed_up() -> None:
    features = draft_features("a b", "en", [0.9, 0.5])
    assert features["support_least"] == 0.5
    assert features["support_mean"] == pytest.approx(0.7)


def test_verification_asks_about_the_pinned_sentences(scripted: Callable[..., Any]) -> None:
    generator = scripted(yes=0.8)
    odds, usage = verify("Who chose it?", "[Title] Apple chose Alibaba.", "en", generator)
    assert odds == pytest.approx({"states_answer": math.log(0.8 / 0.2)})
    assert usage.prompt_tokens == 1
    [asked] = (messages[-1].content for messages in generator.asked)
    assert "Who chose it?" in asked
    assert "[Title] Apple chose Alibaba." in asked


def test_a_draft_without_citations_is_held_against_the_nearest_evidence(
    bag_embedder: Embedder, make_passage: Callable[..., Passage]
) -> None:
    passage = make_passage("Huawei sales rose.", "Rain fell.", "Sales of Huawei rose in 2024.", heading=("Sales",))
    vectors = bag_embedder.embed_queries(["How did Huawei sales change?"])
    evidence = select_evidence(vectors, [Hit(passage, 1.0)], embedding_on_the_spot(bag_embedder), len, 10_000)
    assert pinned_text([], evidence) == "[Title of doc › Sales] Huawei sales rose. Sales of Huawei rose in 2024."


def test_a_source_is_named_once_for_the_sentences_that_follow_it() -> None:
    quotes = [("Apple", ("Models",), "It has 3B."), ("Apple", ("Models",), "It is small."), ("Qwen", (), "It is open.")]
    citations = [
        Citation(
            marker=marker,
            document=DocumentReference("id", title, "path.md", "en", "v"),
            passage_id="p",
            start=0,
            end=len(quote),
            quote=quote,
            heading=heading,
            page=None,
            score=1.0,
        )
        for marker, (title, heading, quote) in enumerate(quotes, start=1)
    ]
    nothing = Evidence((), np.zeros((0, 4), np.float32))
    assert pinned_text(citations, nothing).splitlines() == [
        "[Apple › Models] It has 3B. It is small.",
        "[Qwen] It is open.",
    ]


@pytest.mark.parametrize(
    ("question", "sources", "numbers", "names"),
    [
        ("How did Huawei do in Q3 2023?", "[Market] Huawei rose 42% in Q3 2024.", 1, 0),
        ("How did Huawei do in Q3 2024?", "[Market] Huawei rose 42% in Q3 2024.", 0, 0),
        ("How did sales of Oppo change?", "[Market] Huawei rose 42% in Q3 2024.", 0, 1),
        ("How did sales of Oppo change?", "[OPPO] Sales rose 42%.", 0, 0),
        # Its other writing is not known, so it may stand there unseen.
        ("How did sales of Oppo change?", "[市场] 华为增长42%。", 0, 0),
    ],
)
def test_what_the_pinned_sentences_lack_of_the_question(question: str, sources: str, numbers: int, names: int) -> None:
    found = pinned_features(question, "It rose 43%.", sources, [])
    assert (found["unpinned_numbers"], found["unpinned_names"], found["invented_numbers"]) == (numbers, names, 1)


@pytest.mark.parametrize(
    ("question", "text", "others"),
    [
        ("How did Huawei do in Q3 2023?", "Huawei rose 42% in Q3 2024.", True),
        ("How did Huawei do in Q3 2024?", "Huawei rose 42% in Q3 2024.", False),
        ("How did Huawei do in 2024?", "Huawei rose 42% in the third quarter of 2024.", False),
        ("截至2025年12月31日有多少款？", "截至2025年7月有490余款，截至2024年12月31日有302款。", True),
        ("How did Huawei do in Q3 2023?", "Huawei rose 42%.", False),  # says nothing of dates
        ("How did Huawei do?", "Huawei rose 42% in Q3 2024.", False),
    ],
)
def test_passages_that_speak_of_other_dates(question: str, text: str, others: bool) -> None:
    assert speaks_of_other_dates(question, text) is others


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("The CAC approved it on [insert date].", 1),
        ("该功能于【填写日期】获批。", 1),
        ("The price is <amount in yuan>.", 1),
        ("Sales rose 42%.[1]", 0),
        ("It runs on [Apple silicon].", 0),
    ],
)
def test_a_blank_is_no_answer(text: str, blank: int) -> None:
    features = draft_features(text, "en", [])
    assert features["blank"] == blank
    model = LogisticModel(5.0, {}, 0.5)
    assert is_sufficient(decide(0.9, features, model, None)) is not bool(blank)


@pytest.mark.parametrize(
    ("draft", "lacking", "unfounded"),
    [
        ("It was approved on 11 February 2025.", {"11 February 2025"}, True),
        ("It was approved on 11 February 2025.", set(), False),
        ("It fell by 4% and then rose by 5%.", {"4%"}, False),
        ("It was approved in Beijing.", {"Beijing"}, False),
        # What the question says itself is not added by the draft.
        ("In 2024 it was approved.", {"2024"}, False),
    ],
)
def test_figures_that_nothing_founds(draft: str, lacking: set[str], *, unfounded: bool) -> None:
    assert is_unfounded("When was it approved in 2024?", draft, lacking) is unfounded


def test_other_dates_refuse_whatever_else_speaks_for_the_draft() -> None:
    model = LogisticModel(0.0, {"states_answer": 1.0}, 0.5)
    assert not is_sufficient(decide(0.9, {"states_answer": 9.0, "other_dates": 1.0}, model, None))


def test_the_threshold_decides_and_a_setting_overrides_it() -> None:
    model = LogisticModel(0.0, {"states_answer": 1.0}, 0.5)
    assert is_sufficient(decide(0.9, {"states_answer": 1.0}, model, None))
    assert not is_sufficient(decide(0.9, {"states_answer": -1.0}, model, None))
    assert not is_sufficient(decide(0.9, {"states_answer": 1.0}, model, 0.9))


def test_the_shipped_calibration_is_complete_and_gives_probabilities() -> None:
    for model in load_calibration().values():
        assert 0.0 <= model.probability({}) <= 1.0
        assert 0.0 <= model.threshold <= 1.0
        assert model.probability(dict.fromkeys(model.weights, 1000000000.0)) >= 0.0


def test_a_file_that_is_no_calibration_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[en]\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"c\.toml is no calibration"):
        load_calibration(tmp_path / "c.toml")
