from __future__ import annotations

from pydantic import TypeAdapter

from rag import Answer
from server.examples import ANSWER, DOCUMENT, PASSAGE, SEARCH, shown, streamed_example
from tests.server.chats import events_of


def test_the_example_keeps_the_contract() -> None:
    (citation,) = ANSWER.citations
    assert DOCUMENT.text[citation.start : citation.end] == citation.quote
    assert (citation.document.id, citation.document.version) == (DOCUMENT.id, DOCUMENT.version)
    for sentence in ANSWER.sentences:
        assert ANSWER.text[sentence.start : sentence.end] == sentence.text
    assert DOCUMENT.text[PASSAGE.start : PASSAGE.end] == PASSAGE.text
    marks = [PASSAGE.text[span.start : span.end] for span in SEARCH.hits[0].highlights]
    assert marks == ["consumer", "data"]


def test_streamed_and_whole_are_the_same_example() -> None:
    whole = shown(ANSWER)[200]["content"]["application/json"]["example"]
    assert events_of(streamed_example())[-1] == ("7", "answer", whole)
    assert TypeAdapter(Answer).validate_python(whole) == ANSWER
