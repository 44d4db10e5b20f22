from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading.composing import Composer
from rag.reading.html_tree import compose_html, parse_html, remove_unseen


def _text(source: str) -> str:
    composer = Composer()
    compose_html(parse_html(source), composer)
    return composer.finish().text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "<h2>Head <i>one</i></h2>run <b>on</b>\n  text<p>para<br>break</p>tail",
            "Head one\n\nrun on text\n\npara\nbreak\n\ntail",
        ),
        ("<p>苹果\n与阿里</p>", "苹果与阿里"),
        ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>", "- a\n  - b\n- c\n  d"),
        ("<ol start=3><li>x<li>y</ol>", "3. x\n4. y"),
        ("<pre>a\n\n  b &lt; c</pre>", "a\n\n  b < c"),
        ("<div>a<div>b</div>c</div>", "a\n\nb\n\nc"),
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", "term\n\nmeaning"),
        ("<p>H<sub>2</sub>O &amp; <ruby>漢<rt>kan</rt></ruby></p>", "H2O & 漢"),
        ("<script>alert(1)</script><style>p{}</style><noscript>no</noscript><template>t</template><p>yes</p>", "yes"),
        ("<p>seen<span hidden>no</span><span style='Display : none'>no</span><!-- no --></p>", "seen"),
        ("<?xml version='1.0' encoding='utf-8'?><p>x</p>", "x"),
        ("", ""),
        ("<!-- only -->", ""),
    ],
)
def test_what_a_browser_shows(source: str, expected: str) -> None:
    assert _text(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<tr><th>Company<th>Growth<tr><td>Huawei<td>42%", "Company: Huawei; Growth: 42%"),
        ("<caption>Sales</caption><thead><tr><td>A<td>B</thead><tr><td>1<td>2", "Sales\nA: 1; B: 2"),
        ("<tr><td>Company<td>Growth<tr><td>Huawei<td>42%", "Company: Huawei; Growth: 42%"),
        ("<tr><th>Maker<td>Apple<tr><th>Price<td>5,999 yuan", "Maker: Apple\nPrice: 5,999 yuan"),
        (
            "<tr><th>Y<th>Q<th>N<tr><td rowspan=2>2024<td>1<td>a<tr><td>2<td>b",
            "Y: 2024; Q: 1; N: a\nY: 2024; Q: 2; N: b",
        ),
        ("<tr><th colspan=2>AB<th>C<tr><td>1<td>2<td>3", "AB: 1; AB: 2; C: 3"),
        ("<tr><td colspan=99999 rowspan=99999>x", "x; " * 49 + "x"),
        ("<tr><td><table><tr><td>in</table><td>out", "in\n\nout"),
        ("<tr hidden><td>a<tr><td><p>b</p><p>c</p>", "b c"),
    ],
)
def test_tables(source: str, expected: str) -> None:
    assert _text(f"<table>{source}</table>") == expected


def test_unseen_parts_are_removed_but_the_text_around_stays() -> None:
    root = parse_html(
        "<html><head><title>T</title></head><body>a<script>x<b>y</b></script>b<p hidden>c</p>d</body></html>"
    )
    remove_unseen(root)
    assert root.find("body").text_content() == "abd"


_PIECES = [
    "<p>",
    "</p>",
    "<ul>",
    "<li>",
    "</ul>",
    "<h1>",
    "</h1>",
    "<table>",
    "<tr>",
    "<td>",
    "<th rowspan=2>",
    "</table>",
    "<pre>",
    "</pre>",
    "<br>",
    "a ",
    "苹果",
    "\n\n",
    "<!--",
    "<script>",
    "<",
    "&nbsp;",
    "&#x2028;",
    "\x00",
    "&#xD800;",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=25).map("".join))
def test_spans_hold_for_any_source(check_extract: Callable[..., None], source: str) -> None:
    composer = Composer()
    compose_html(parse_html(source), composer)
    check_extract(composer.finish())
