from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from pptx import Presentation
from pptx.util import Inches

from rag.domain import Document


def test_a_presentation(read: Callable[..., Document]) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Market <x>"
    slide.placeholders[1].text = "Growth 42%\n# 收入下降 -3%"
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    for row, cells in enumerate((("Company", "Growth"), ("华为", "42%"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    slide.notes_slide.notes_text_frame.text = "A note."
    deck.slides.add_slide(deck.slide_layouts[6])
    third = deck.slides.add_slide(deck.slide_layouts[6])
    group = third.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "In a group"
    stream = BytesIO()
    deck.save(stream)

    document = read("a.pptx", stream.getvalue())
    assert document.text == (
        "Market <x>\n\nGrowth 42%\n# 收入下降 -3%\n\nCompany: 华为; Growth: 42%\n\nA note.\n\nIn a group"
    )
    assert [(heading.level, heading.title) for heading in document.headings] == [(1, "Market <x>")]
    assert [(page.number, document.text[page.start : page.end].split("\n")[-1]) for page in document.pages] == [
        (1, "A note."),
        (3, "In a group"),
    ]
