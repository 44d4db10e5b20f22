from __future__ import annotations

from collections.abc import Callable

import pytest

from rag.domain import Document


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_chinese_text_in_each_encoding(read: Callable[..., Document], encoding: str) -> None:
    document = read("新闻.txt", "苹果与阿里巴巴合作。\r\n\r\n华为增长了42%。\r\n".encode(encoding))
    assert document.text == "苹果与阿里巴巴合作。\n\n华为增长了42%。"
    assert (document.title, document.language, document.format) == ("新闻", "zh", "text")
    assert [block.of(document.text) for block in document.blocks] == ["苹果与阿里巴巴合作。", "华为增长了42%。"]


def test_hard_wraps_are_undone(read: Callable[..., Document]) -> None:
    text = "Apple partnered with Alibaba to bring its features to\ncustomers in China.\n\nHuawei rose."
    assert read("a.txt", text).text == (
        "Apple partnered with Alibaba to bring its features to customers in China.\n\nHuawei rose."
    )


def test_lines_too_long_to_be_wrapped_are_paragraphs(read: Callable[..., Document]) -> None:
    lines = ["Word " * 40 + "end.", "Next " * 40 + "end."]
    assert read("a.txt", "\n".join(lines)).text == "\n\n".join(lines)
