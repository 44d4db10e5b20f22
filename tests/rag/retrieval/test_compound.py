from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.compound import parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Why did Apple choose Alibaba?", ["Why did Apple choose Alibaba?"]),
        ("Under which licences are Qwen3 and R1?", ["Under which licences are Qwen3 and R1?"]),
        (
            "Who founded DeepSeek, and who is the chairman of Alibaba?",
            ["Who founded DeepSeek", "who is the chairman of Alibaba?"],
        ),
        (
            "How much did it cost and in which year did it open?",
            ["How much did it cost", "in which year did it open?"],
        ),
        # A bare interrogative is no question of its own.
        ("Where and when did it open?", ["Where and when did it open?"]),
        ("苹果为什么没有选择DeepSeek？", ["苹果为什么没有选择DeepSeek？"]),
        ("按IDC的统计，华为2024年卖出多少部手机？", ["按IDC的统计，华为2024年卖出多少部手机？"]),
        (
            "第一批清单有多少个算法？截至2024年12月31日，又有多少款服务完成备案？",
            ["第一批清单有多少个算法", "截至2024年12月31日，又有多少款服务完成备案"],
        ),
    ],
)
def test_parts_of(question: str, parts: list[str]) -> None:
    assert parts_of(question) == parts


@given(st.text())
def test_any_text_has_parts_that_stand_in_it(question: str) -> None:
    parts = parts_of(question)
    assert parts
    assert all(part.replace("，", "")[:1] in question for part in parts)
