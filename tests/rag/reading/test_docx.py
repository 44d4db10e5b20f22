from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import docx

from rag.domain import Document


def test_a_word_document(read: Callable[..., Document]) -> None:
    word = docx.Document()
    word.add_heading("Apple & <China>", 0)
    word.add_heading("销量", 1)
    word.add_paragraph("Huawei rose 42%; a_b_c 2*3*4 <foo>.")
    word.add_paragraph("苹果与阿里巴巴合作。")
    for item in ("one", "two"):
        word.add_paragraph(item, style="List Bullet")
    table = word.add_table(2, 2)
    for row, cells in enumerate((("Company", "A|B"), ("华为", "42%"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    stream = BytesIO()
    word.save(stream)

    document = read("a.docx", stream.getvalue())
    assert document.text == (
        "Apple & <China>\n\n销量\n\nHuawei rose 42%; a_b_c 2*3*4 <foo>.\n\n苹果与阿里巴巴合作。\n\n- one\n- two\n\n"
        "Company: 华为; A|B: 42%"
    )
    assert [(heading.level, heading.title) for heading in document.headings] == [(1, "Apple & <China>"), (1, "销量")]
    assert (document.title, document.format) == ("Apple & <China>", "docx")
