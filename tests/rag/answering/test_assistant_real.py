"""The ask flow with the real models over the shipped corpus."""

import pytest

from rag import Assistant, Message
from rag.domain import Answer

pytestmark = pytest.mark.models


def check_contract(answer: Answer, assistant: Assistant) -> None:
    assert {m for s in answer.sentences for m in s.citations} == {c.marker for c in answer.citations}
    for citation in answer.citations:
        document = assistant.snapshot.store.document(citation.document.id)
        assert document is not None
        assert document.version == citation.document.version
        assert document.text[citation.start : citation.end] == citation.quote
    for sentence in answer.sentences:
        assert answer.text[sentence.start : sentence.end] == sentence.text


def test_an_english_question_and_its_follow_up(assistant: Assistant) -> None:
    question = "By how much did Apple's revenue in Greater China fall?"
    first = assistant.ask(question)
    assert (first.status, first.language) == ("answered", "en")
    assert "11.1%" in first.text
    assert any("11.1%" in citation.quote for citation in first.citations)
    assert all(sentence.verdict == "supported" for sentence in first.sentences)
    check_contract(first, assistant)

    second = assistant.ask("and globally?", [Message("user", question), Message("assistant", first.text)])
    assert "global" in second.standalone_question.lower()
    assert "4%" in second.text
    check_contract(second, assistant)


def test_a_chinese_question_is_answered_in_chinese(assistant: Assistant) -> None:
    answer = assistant.ask("苹果为什么没有选择DeepSeek？")
    assert (answer.status, answer.language) == ("answered", "zh")
    assert "人员" in answer.text or "人手" in answer.text or "经验" in answer.text
    assert answer.citations
    check_contract(answer, assistant)
    assert assistant.ask("苹果为什么没有选择DeepSeek？").text == answer.text


@pytest.mark.parametrize("question", ["What is the battery capacity of the iPhone 16?", "小米2019年的广告收入是多少？"])
def test_what_the_corpus_does_not_say_is_refused(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.citations) == ("not_in_corpus", ())
    assert answer.near
    assert answer.near[0].title in answer.text
