from __future__ import annotations

import numpy as np
import pytest

from rag.answering.figures import misplaced_figures
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
