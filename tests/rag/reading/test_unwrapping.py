from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.reading.unwrapping import columns, group_wrapped, wrap_width


def _groups(text: str) -> list[list[int]]:
    lines = text.split("\n")
    return group_wrapped(lines, wrap_width(lines))


def test_full_lines_go_on_and_short_ones_end_a_paragraph() -> None:
    text = (
        "Strategy\n"
        "Apple partnered with Alibaba to bring its features to\n"
        "customers in China, a shift of strategy for a company\n"
        "losing ground.\n"
        "Huawei rose by 42% in the third quarter of that year,\n"
        "says IDC."
    )
    assert _groups(text) == [[0], [1, 2, 3], [4, 5]]


def test_chinese_lines_are_measured_by_their_width() -> None:
    text = "苹果与阿里巴巴合作，为中国用户带来人工智\n能功能，这是战略转变。\n"
    text += "华为在第三季度的销量增长了百分之四十二，\n表现突出。"
    assert _groups(text) == [[0, 1], [2, 3]]


def test_list_items_and_blank_lines_part() -> None:
    assert _groups("- one item of some length\n- another item as long\n\n1. third\n（一）第四") == [[0], [1], [3], [4]]


def test_mid_sentence_lines_go_on_even_when_short() -> None:
    assert group_wrapped(["a short line", "goes on here. End.", "not this"], 0) == [[0, 1], [2]]


def test_narrow_lines_are_not_wrapped_ones() -> None:
    assert _groups("Apple\nHuawei\nXiaomi") == [[0], [1], [2]]


def test_columns() -> None:
    assert (columns("abc"), columns("苹果a")) == (3, 5)


@given(st.lists(st.text(st.sampled_from("ab A苹。.- \t1"), max_size=12), max_size=12), st.integers(0, 60))
def test_every_line_with_text_is_in_one_group_in_order(lines: list[str], width: int) -> None:
    flat = [index for group in group_wrapped(lines, width) for index in group]
    assert flat == [index for index, line in enumerate(lines) if line.strip()]
