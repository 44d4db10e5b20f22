from __future__ import annotations

import numpy as np
import pytest

from rag.answering.figures import misplaced_figures, of_other_columns
from rag.answering.support import Statement

CHINA = "Apple's revenue in Greater China fell 11.1% in the quarter."
GLOBAL = "Apple's global revenue grew 4% in the quarter."


def statement(text: str) -> Statement:
    return Statement(text, np.zeros(2, dtype=np.float32))


def rarity(term: str) -> float:
    return 1.0 if term in {"fell", "fall", "下降"} else 2.0


@pytest.mark.parametrize(
    ("claim", "cited", "others", "misplaced"),
    [
        ("Apple's global revenue fell 11.1% in the quarter.", CHINA, [GLOBAL], ("11.1%",)),
        ("Apple's global revenue grew 4% in the quarter.", GLOBAL, [CHINA], ()),
        ("Apple's revenue in Greater China fell 11.1% in the quarter.", CHINA, [GLOBAL], ()),
        # The other sentence gives no figure of that kind, or the same one.
        ("Apple's global revenue fell 11.1% in the quarter.", CHINA, ["Apple has global revenue every quarter."], ()),
        ("Apple's global revenue fell 4% in the quarter.", CHINA, [GLOBAL], ()),
        # Both figures stand together in what is cited, which is a row and has few words.
        (
            "A model of 7 billion parameters takes 7 GB.",
            "Parameters: 7 billion; Weights: 7 GB",
            ["A model of 3 billion parameters takes 1.5 GB."],
            (),
        ),
        # What says more of the claim is about another subject.
        ("Sales of Honor in China fell 22%.", "Maker: Honor; Change: 22%", ["Sales of Huawei in China rose 42%."], ()),
        # A figure of another unit is not what was put in the wrong place.
        (
            "The heaviest box at the fish auction is 22 kilograms.",
            "A crate may weigh 22 kilograms.",
            ["The fish auction opens at 05:20."],
            (),
        ),
        (
            "The heaviest box at the fish auction is 22 kilograms.",
            "A crate may weigh 22 kilograms.",
            ["The heaviest box of the fish auction is 30 kilograms."],
            ("22",),
        ),
        # Across languages words cannot be compared.
        ("Apple's global revenue fell 11.1% in the quarter.", CHINA, ["苹果全球收入增长4%。"], ()),
        ("Apple's global revenue fell 11.1% in the quarter.", "苹果全球收入下降了11.1%。", [GLOBAL], ()),
        ("苹果全球收入下降了11.1%。", "苹果大中华区收入下降了11.1%。", ["苹果全球收入增长4%。"], ("11.1%",)),
        ("Apple's global revenue fell 11.1% in the quarter.", CHINA, [], ()),
    ],
)
def test_misplaced_figures(claim: str, cited: str, others: list[str], misplaced: tuple[str, ...]) -> None:
    found = misplaced_figures(statement(claim), [statement(cited)], [statement(other) for other in others], rarity)
    assert found == misplaced


LAW = "Law: Data Security Law; Passed: 10 June 2021; In force since: 1 September 2021"
CHINESE_LAW = "法律法规: 《数据安全法》; 通过或公布日期: 2021年6月10日; 施行日期: 2021年9月1日"
MODEL = "Model: R1; Parameters in total: 671 billion; Active for each token: 37 billion"


@pytest.mark.parametrize(
    ("claim", "cited", "misplaced"),
    [
        ("The Data Security Law came into force on 10 June 2021.", LAW, ("10 June 2021",)),
        ("The Data Security Law came into force on 1 September 2021.", LAW, ()),
        ("The Data Security Law was passed on 10 June 2021 and came into force on 1 September 2021.", LAW, ()),
        ("The Data Security Law was passed on 1 September 2021.", LAW, ("1 September 2021",)),
        # The claim names no column: nothing can be told.
        ("The Data Security Law dates from 10 June 2021.", LAW, ()),
        ("《数据安全法》自2021年6月10日起施行。", CHINESE_LAW, ("2021年6月10日",)),
        ("《数据安全法》自2021年9月1日起施行。", CHINESE_LAW, ()),
        ("R1 has 37 billion parameters in total.", MODEL, ("37 billion",)),
        ("R1 has 671 billion parameters in total.", MODEL, ()),
        # Its own column is named in other words, the rival's not in all of its own.
        ("Shipments of R1 in China fell 22.5%.", "Maker: R1; Share of shipments in China: 14%; Change: down 22.5%", ()),
        ("A model of 7 billion takes 7 GB at 8 bits.", "Size: 7 billion; At 16 bits: 14 GB; At 8 bits: 7 GB", ()),
        # Running text has no columns.
        ("The law came into force on 10 June 2021.", "In force: the law was passed on 10 June 2021.", ()),
    ],
)
def test_values_of_other_columns(claim: str, cited: str, misplaced: tuple[str, ...]) -> None:
    assert of_other_columns(statement(claim), [statement(cited)]) == misplaced
