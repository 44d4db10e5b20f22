from __future__ import annotations

import numpy as np
import pytest

from rag.answering.support import Statement
from rag.answering.units import of_other_units

TOKENS = "Qwen2.5-Max was trained on more than 20 trillion tokens."


def statement(text: str) -> Statement:
    return Statement(text, np.zeros(2, dtype=np.float32))


@pytest.mark.parametrize(
    ("claim", "cited", "other"),
    [
        ("Qwen2.5-Max的总参数量是20万亿。", TOKENS, ("20万亿",)),
        ("Qwen2.5-Max的训练用了20万亿词元。", TOKENS, ()),
        ("Qwen2.5-Max has 20 trillion parameters.", TOKENS, ("20 trillion",)),
        ("Qwen2.5-Max saw 20 trillion.", TOKENS, ()),
        # The source names no unit, or both.
        ("The model has 7 billion parameters.", "Size: 7 billion", ()),
        ("The model has 7 billion parameters.", "Its 7 billion parameters saw 2 trillion tokens", ()),
        ("It costs 300 dollars.", "It sold 300 phones, each for 500 dollars.", ("300",)),
        ("华为卖出4600万部手机。", "华为出货4600万部。", ()),
        ("Sales rose 42%.", "Users rose 42%.", ()),
        ("救援队2023年出动了214次。", "In December 2023 the company employed 214 people.", ("214",)),
        ("充一次电可用5小时。", "It runs for 5 hours on a charge.", ()),
        ("A ticket costs 5 crowns.", "It takes 5 minutes by boat.", ("5",)),
        ("A ticket costs 5 crowns.", "Tickets: 5", ()),
    ],
)
def test_of_other_units(claim: str, cited: str, other: tuple[str, ...]) -> None:
    assert of_other_units(statement(claim), [statement(cited)]) == other


def test_one_source_that_fits_is_enough() -> None:
    sources = [statement(TOKENS), statement("It has 20 trillion parameters.")]
    assert of_other_units(statement("It has 20 trillion parameters."), sources) == ()
