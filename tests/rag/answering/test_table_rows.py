from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.table_rows import rows_off_topic

SIZES = [
    "Size: 3B; Licence: Qwen Research",
    "Size: 7B; Licence: Apache 2.0",
    "Size: 72B; Licence: Qwen",
]
LAWS = [
    "法律法规: 《网络安全法》; 通过日期: 2016年11月7日; 施行日期: 2017年6月1日",
    "法律法规: 《数据安全法》; 通过日期: 2021年6月10日; 施行日期: 2021年9月1日",
]


@pytest.mark.parametrize(
    ("question", "texts", "off_topic"),
    [
        ("Under which licence is the 3B size?", SIZES, {1, 2}),
        ("Under which licences are the sizes 3B and 72B?", SIZES, {1}),
        ("Which sizes are under Apache 2.0?", SIZES, {0, 2}),
        ("Which sizes are there?", SIZES, set()),
        ("《数据安全法》从哪一天起施行？", LAWS, {0}),
        ("Under which licence is the 3B size?", [*SIZES[:2], "Most sizes are open: so they say."], {1}),
        ("Under which licence is the 3B size?", ["No table: at all", "3B is a size"], set()),
    ],
)
def test_rows_off_topic(question: str, texts: list[str], off_topic: set[int]) -> None:
    assert rows_off_topic(question, texts, ["doc"] * len(texts)) == off_topic


def test_rows_of_another_document_are_another_table() -> None:
    assert rows_off_topic("Under which licence is the 3B size?", SIZES, ["one", "two", "two"]) == set()


@given(st.text(), st.lists(st.text()))
def test_a_table_never_loses_all_its_rows(question: str, texts: list[str]) -> None:
    rows = [f"Name: {text}; Value: {text}" for text in texts]
    assert len(rows_off_topic(question, rows, [""] * len(rows))) < max(1, len(rows))
