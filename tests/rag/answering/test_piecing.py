from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from rag.answering.evidence import source_line
from rag.answering.piecing import added_names, borrows_its_names, is_pieced_together
from rag.answering.support import Statement
from rag.domain import Passage
from rag.index.name_pairs import NamePair

MakePassage = Callable[..., Passage]
VIVO = "On 1 November, vivo released BlueLM in sizes of 70 and 130 billion parameters."
PANGU = "On 21 June, Huawei released its model Pangu."
PAIR = NamePair("Lei Jun", "雷军")


def statement(text: str) -> Statement:
    return Statement(text, np.zeros(2, dtype=np.float32))


def pieced(claim: str, passages: Sequence[Passage], *read: Passage) -> bool:
    evidence = [
        Statement(passage.text, np.zeros(2, dtype=np.float32), source_line(passage)) for passage in [*passages, *read]
    ]
    return is_pieced_together(statement(claim), passages, evidence, ())


def test_a_name_of_one_passage_and_a_figure_of_another_are_pieced_together(make_passage: MakePassage) -> None:
    passages = [make_passage(VIVO, document_id="vivo"), make_passage(PANGU, document_id="huawei")]
    assert pieced("The model Pangu has 130 billion parameters.", passages)
    assert pieced("The model Pangu has 130 billion parameters.", passages[::-1])


@pytest.mark.parametrize(
    ("claim", "sentences"),
    [
        # Running text names its subject once: the passages count whole.
        ("The model Pangu has 130 billion parameters.", [[PANGU, "It has 130 billion parameters."], [VIVO]]),
        # Each of two clauses stands in a passage of its own.
        ("Huawei released Pangu on 21 June, while vivo released BlueLM on 1 November.", [[PANGU], [VIVO]]),
        # One passage alone lacks a name: that is for the support of the claim to say.
        ("The model Pangu has 130 billion parameters.", [[VIVO]]),
        # What no passage holds is the model's own word.
        ("The model Harmony has 130 billion parameters.", [[VIVO], [PANGU]]),
        ("The claim has no fact.", [[VIVO], [PANGU]]),
        ("The model Pangu has 130 billion parameters.", []),
    ],
)
def test_what_is_not_pieced_together(make_passage: MakePassage, claim: str, sentences: list[list[str]]) -> None:
    passages = [make_passage(*own, document_id=f"d{place}") for place, own in enumerate(sentences)]
    assert not pieced(claim, passages, make_passage(PANGU, document_id="read"))


def test_the_founder_of_another_company_is_a_borrowed_name(make_passage: MakePassage) -> None:
    pinned = make_passage("小米的大模型团队成立于2023年4月。", document_id="xiaomi")
    other = make_passage("DeepSeek was founded in 2023 by Liang Wenfeng.", document_id="deepseek")
    assert borrows_its_names(["Wenfeng"], [pinned], [pinned, other], ())


def test_a_name_that_stands_in_its_passage_in_either_script_is_not_borrowed(make_passage: MakePassage) -> None:
    pinned = make_passage("小米由雷军创立。", document_id="xiaomi")
    other = make_passage("Lei Jun spoke at length.", document_id="speech")
    read = [pinned, other]
    assert not borrows_its_names(["Lei Jun"], [pinned], read, [PAIR])
    assert not borrows_its_names(["雷军"], [pinned], read, ())
    assert not borrows_its_names(["Lei Jun"], [other], read, ())
    # Nobody says how Chinese writes a name that stands nowhere else: it may well be there.
    assert not borrows_its_names(["Zhang San"], [pinned], read, ())
    assert not borrows_its_names([], [pinned], read, ())


def test_names_are_borrowed_only_where_all_are(make_passage: MakePassage) -> None:
    pinned = make_passage("The prize went to Ada Byron.", document_id="prize")
    other = make_passage("The jury was led by Grace Hopper.", document_id="jury")
    assert borrows_its_names(["Grace", "Hopper"], [pinned], [pinned, other], ())
    assert not borrows_its_names(["Byron", "Hopper"], [pinned], [pinned, other], ())


def test_only_what_the_question_does_not_hold_is_added() -> None:
    assert added_names("Who founded Xiaomi?", "Liang Wenfeng founded Xiaomi.", frozenset()) == ["Wenfeng"]
    assert added_names("Who founded Xiaomi?", "Liang founded Xiaomi.", frozenset({"Liang"})) == ["Liang"]
    assert added_names("谁创立了小米？", "雷军创立了小米。", frozenset()) == ["雷军"]
    assert added_names("Who founded Xiaomi?", "Xiaomi's founders did.", frozenset()) == []
