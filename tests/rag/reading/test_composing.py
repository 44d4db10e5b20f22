from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Page
from rag.reading.base import Extract
from rag.reading.composing import Composer

_TEXT = st.text(st.sampled_from("aZé\u0301 　\n\t#-*。苹果\u200b\u2028\r\x00"), max_size=20)
_STEP: st.SearchStrategy[Callable[[Composer], None]] = st.one_of(
    st.builds(lambda level, text: lambda c: c.heading(level, text), st.integers(1, 6), _TEXT),
    st.builds(lambda text: lambda c: c.paragraph(text), _TEXT),
    st.builds(lambda rows: lambda c: c.lines(rows), st.lists(_TEXT, max_size=3)),
    st.builds(
        lambda text, marker, depth: lambda c: c.item(text, marker, depth),
        _TEXT,
        st.sampled_from(["- ", "1. ", ""]),
        st.integers(0, 3),
    ),
    st.builds(lambda text: lambda c: c.code(text), _TEXT),
    st.builds(lambda number: lambda c: c.start_page(number), st.integers(1, 9)),
)


@given(st.lists(_STEP, max_size=12))
def test_spans_are_right_whatever_is_written(
    check_extract: Callable[[Extract], None], steps: list[Callable[[Composer], None]]
) -> None:
    composer = Composer()
    for step in steps:
        step(composer)
    check_extract(composer.finish())


def test_the_text_reads_like_the_document() -> None:
    composer = Composer()
    composer.heading(1, "Apple in China")
    composer.paragraph("One.\nTwo.")
    composer.item("first", "- ")
    composer.item("nested", "- ", 1)
    composer.item("more of it", "", 1)
    composer.item("second", "- ")
    composer.lines(["A: 1", "A: 2"])
    composer.code("def f():\n\n    return 1\n")
    assert composer.finish().text == (
        "Apple in China\n\nOne.\nTwo.\n\n- first\n  - nested\n    more of it\n- second\n\nA: 1\nA: 2\n\n"
        "def f():\n\n    return 1"
    )


def test_pages_are_trimmed_and_empty_ones_left_out() -> None:
    composer = Composer()
    composer.start_page(1)
    composer.paragraph("one")
    composer.start_page(2)
    composer.start_page(3)
    composer.paragraph("three four")
    composer.start_page(4, back=len("four"))
    assert composer.finish().pages == (Page(1, 0, 3), Page(3, 5, 10), Page(4, 11, 15))


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "\n"])
def test_empty_pieces_leave_no_trace(text: str) -> None:
    composer = Composer()
    composer.heading(1, text)
    composer.paragraph(text)
    composer.lines([text])
    composer.item(text, "- ")
    composer.code(text)
    assert composer.finish() == Extract("")
