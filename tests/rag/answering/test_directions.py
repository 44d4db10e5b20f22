from __future__ import annotations

import numpy as np
import pytest

from rag.answering.directions import direction_of, turned_round
from rag.answering.support import Statement

BOTH = "By IDC, Apple's smartphone sales in China fell 0.3% in the third quarter of 2024, while Huawei's rose 42%."
BOTH_ZH = "据IDC，2024年第三季度苹果在中国的智能手机销量下降0.3%，而华为增长42%。"


def statement(text: str) -> Statement:
    return Statement(text, np.zeros(2, dtype=np.float32))


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Revenue grew 4%.", "up"),
        ("Revenue was up 4%.", "up"),
        ("| Revenue | +4% |", "up"),
        ("收入增长了4%。", "up"),
        ("Revenue fell 11.1%.", "down"),
        ("| Revenue | −11.1% |", "down"),
        ("收入同比下降11.1%。", "down"),
        ("The models fell short of its standards.", None),
        ("Headings and up-to-date figures of 2020-2024", None),
        ("Growth fell.", None),
        ("Apple chose Alibaba.", None),
    ],
)
def test_which_way_a_text_says_that_things_went(text: str, direction: str | None) -> None:
    assert direction_of(text) == direction


@pytest.mark.parametrize(
    ("claim", "source", "turned"),
    [
        ("Huawei's sales fell 42% in the third quarter of 2024.", BOTH, ("fell",)),
        ("Huawei's sales rose 42% in the third quarter of 2024.", BOTH, ()),
        ("Apple's sales fell 0.3%, and Huawei's rose 42%.", BOTH, ()),
        ("Apple's sales rose 0.3%, and Huawei's fell 42%.", BOTH, ("rose", "fell")),
        ("2024年第三季度华为下降了42%。", BOTH_ZH, ("下降",)),
        ("2024年第三季度华为下降了42%。", BOTH, ("下降",)),
        ("2024年第三季度华为增长了42%。", BOTH, ()),
        # Without a figure a clause is compared with those that share a word with it.
        ("Huawei's sales declined.", "Sales of Huawei rose.", ("declined",)),
        ("Prices declined.", "Sales of Huawei rose.", ()),
        ("Huawei's sales declined.", "Sales of Huawei were strong.", ()),
    ],
)
def test_a_claim_that_turns_its_source_round(claim: str, source: str, turned: tuple[str, ...]) -> None:
    assert turned_round(statement(claim), [statement(source)]) == turned


def test_what_one_source_confirms_is_not_turned_round_by_another() -> None:
    sources = [statement("Sales of Huawei rose."), statement("Sales of Huawei fell in 2021.")]
    assert turned_round(statement("Huawei's sales rose."), sources) == ()
