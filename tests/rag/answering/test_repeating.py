from __future__ import annotations

from dataclasses import replace

from rag.answering.events import Cited, Concluded, Drafted, Event, EventStream, Found, Understood
from rag.answering.repeating import Given, GivenAnswers, asked_for
from rag.domain import Answer, AnswerSentence, Citation, DocumentReference, ModelInfo, Timings, Usage

MODEL = ModelInfo("m", "0" * 64, "scripted")
NOTHING = Found((), ())
DOCUMENT = DocumentReference("d", "Title", "d.md", "en", "0" * 64)
CITATION = Citation(1, DOCUMENT, "p", 0, 4, "One.", (), None, 0.9)
ANSWER = Answer("id", "Why?", "Why?", "en", "answered", "One.[1]", (), (CITATION,), 0.9, "s", MODEL, Usage(), Timings())


def events(answer: Answer) -> EventStream:
    yield Understood(answer.question)
    yield Found((), ())
    yield Concluded(answer)


def test_what_is_kept_is_found_by_all_that_it_depends_on() -> None:
    given = GivenAnswers(2)
    key = asked_for("Why?", "en", {"topic": "rules"}, {"d2", "d1"}, MODEL)
    told: list[Event] = list(given.keeping(key, events(ANSWER)))
    assert [type(event) for event in told] == [Understood, Found, Concluded]
    found = given.find(asked_for("Why?", "en", {"topic": "rules"}, {"d1", "d2"}, MODEL))
    assert found == Given(NOTHING, ANSWER)
    for other in (
        asked_for("Why not?", "en", {"topic": "rules"}, {"d1", "d2"}, MODEL),
        asked_for("Why?", "zh", {"topic": "rules"}, {"d1", "d2"}, MODEL),
        asked_for("Why?", "en", {"topic": ("rules", "law")}, {"d1", "d2"}, MODEL),
        asked_for("Why?", "en", {"topic": "rules"}, {"d1"}, MODEL),
        asked_for("Why?", "en", {"topic": "rules"}, {"d1", "d2"}, replace(MODEL, sha256="1" * 64)),
    ):
        assert given.find(other) is None


def test_those_not_given_longest_are_forgotten() -> None:
    given = GivenAnswers(2)
    keys = {name: asked_for(name, "en", {}, frozenset(), MODEL) for name in "abc"}
    for name in "ab":
        list(given.keeping(keys[name], events(ANSWER)))
    assert given.find(keys["a"])
    list(given.keeping(keys["c"], events(ANSWER)))
    assert [name for name in "abc" if given.find(keys[name])] == ["a", "c"]


def test_none_is_kept_where_none_may_be() -> None:
    given = GivenAnswers(0)
    key = asked_for("Why?", "en", {}, frozenset(), MODEL)
    list(given.keeping(key, events(ANSWER)))
    assert given.find(key) is None


def test_an_answer_that_was_not_concluded_is_not_kept() -> None:
    given = GivenAnswers(2)
    key = asked_for("Why?", "en", {}, frozenset(), MODEL)
    stream = given.keeping(key, events(ANSWER))
    next(stream)
    stream.close()
    assert given.find(key) is None


def test_it_is_told_again_sentence_by_sentence() -> None:
    text = "One.[1] Two.[1][2]\n\nThree."
    sentences = (
        AnswerSentence("One.", 0, 4, "supported", 1.0, (1,)),
        AnswerSentence("Two.", 8, 12, "supported", 1.0, (1, 2)),
        AnswerSentence("Three.", 20, 26, "unsupported", 0.0),
    )
    one = CITATION
    made = replace(
        ANSWER,
        text=text,
        sentences=sentences,
        citations=(replace(one, marker=1), replace(one, marker=2)),
    )
    told = list(Given(NOTHING, made).again("Again?", Usage(), Timings(total=3)))
    assert [event.text for event in told if isinstance(event, Drafted)] == ["One.", " Two.", "\n\nThree."]
    cited = [event for event in told if isinstance(event, Cited)]
    assert [event.sentence for event in cited] == list(sentences)
    assert [[citation.marker for citation in event.citations] for event in cited] == [[1], [2], []]
    assert isinstance(told[-1], Concluded)
    assert told[-1].answer.question == "Again?"
