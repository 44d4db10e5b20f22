from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Document
from rag.errors import UnreadableFileError
from rag.reading import markdown
from rag.reading.composing import Composer
from rag.reading.markdown import MarkdownReader, compose_markdown


def _text(source: str) -> str:
    composer = Composer()
    compose_markdown(source, composer)
    return composer.finish().text


def test_a_document_with_front_matter(read: Callable[..., Document]) -> None:
    document = read(
        "market/apple.md",
        "---\nid: apple-alibaba\ntitle: 苹果与阿里巴巴\nlanguage: zh\ndate: 2025-02-13\n---\n"
        "# 概要\n苹果与**阿里巴巴**\n合作。\n\n"
        "Setext\n======\n\n## 数据 `x`\n\n- 一\n- 二\n",
    )
    assert (document.id, document.title, document.language) == ("apple-alibaba", "苹果与阿里巴巴", "zh")
    assert (document.path, document.format) == ("market/apple.md", "markdown")
    assert document.metadata["date"] == "2025-02-13"
    assert document.text == "概要\n\n苹果与阿里巴巴合作。\n\nSetext\n\n数据 x\n\n- 一\n- 二"
    assert [(heading.level, heading.title) for heading in document.headings] == [
        (1, "概要"),
        (1, "Setext"),
        (2, "数据 x"),
    ]
    assert [block.of(document.text) for block in document.blocks] == ["苹果与阿里巴巴合作。", "- 一", "- 二"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            'Some *soft*\nline and [a link](http://x.y/z "t")\nand <http://a.b>',
            "Some soft line and a link and http://a.b",
        ),
        ("one  \ntwo\\\nthree<br>four", "one\ntwo\nthree\nfour"),
        (r"2 \* 3 &amp; a_b_c ~~no~~", "2 * 3 & a_b_c ~~no~~"),
        ("![A chart](x.png)", "A chart"),
        ("3. three\n4. four\n   - in\n\n     more", "3. three\n4. four\n  - in\n    more"),
        ("> quoted\n> text", "quoted text"),
        (
            "| Company | Growth |\n|---|--:|\n| Huawei | **42%** |\n| Apple | a\\|b |\n",
            "Company: Huawei; Growth: 42%\nCompany: Apple; Growth: a|b",
        ),
        ("```py\ndef f():\n\n    return '*'\n```", "def f():\n\n    return '*'"),
        ("    indented\n    code", "indented\ncode"),
        ("a\n\n---\n\nb", "a\n\nb"),
        ("<details>\n<summary>More</summary>\n\nInside\n\n</details>", "More\n\nInside"),
        ("a <script>alert(1)</script>b<style>p{}</style> c", "a b c"),
        ("<script>\nalert(1)\n\nalert(2)\n</script>\n\n<!-- hidden -->\n\nshown", "shown"),
        ("#\n\n## ", ""),
        ("Not <b>bold</b> x", "Not bold x"),
    ],
)
def test_rendering(source: str, expected: str) -> None:
    assert _text(source) == expected


def test_deep_nesting_is_read_or_refused_but_no_crash(read: Callable[..., Document]) -> None:
    assert "end" in read("deep.md", "> " * 40 + "end").text
    with pytest.raises(UnreadableFileError):
        read("deeper.md", "---\na: " + "[" * 5000 + "\n---\nx")


def test_a_source_too_large_for_the_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markdown, "_MOST_CHARACTERS", 10)
    path = tmp_path / "a.md"
    path.write_text("x" * 11)
    with pytest.raises(UnreadableFileError, match="too large for Markdown: 11 characters"):
        MarkdownReader().read(path)


_WORD = st.sampled_from(
    [
        "Apple",
        "苹果",
        "# ",
        "## b",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "> ",
        "```",
        "|",
        "|-|-|",
        "`",
        "*",
        "    ",
        "<b>",
        "<table>",
        "<!--",
        "[x](y)",
        "\\",
        "&amp;",
    ]
)


@given(st.lists(_WORD, max_size=25).map("".join))
def test_spans_hold_for_any_source(check_extract: Callable[..., None], source: str) -> None:
    composer = Composer()
    compose_markdown(source, composer)
    check_extract(composer.finish())
