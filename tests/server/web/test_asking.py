"""Asking, and what can be done with questions, answers and conversations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.server.web.pages import ChatPage
from tests.server.web.stub_server import StubServer

pytestmark = pytest.mark.browser


def test_each_sentence_of_an_answer_shows_its_verdict_and_its_sources(chat: ChatPage) -> None:
    turn = chat.ask("Why did Apple choose Alibaba?")
    expect(turn.question).to_have_text("Why did Apple choose Alibaba?")
    assert turn.verdicts() == ["supported", "partial", "unsupported"]
    assert turn.sentence_texts()[2] == "The two companies had talked about this for many years."
    assert turn.markers.all_text_contents() == ["1", "2", "3"]
    assert turn.root.locator(".pins .shape").count() == 3
    expect(turn.sentences.nth(2)).to_contain_text("not supported by the corpus")
    expect(turn.byline).to_contain_text("1 of 3 sentences not supported")
    expect(turn.draft).to_have_text("")


def test_a_chinese_question_is_answered_in_the_chinese_interface(open_chat: Callable[..., ChatPage]) -> None:
    chat = open_chat("zh-CN")
    turn = chat.ask("苹果为什么选择阿里巴巴？")
    assert turn.sentence_texts()[0] == "苹果选择阿里巴巴，是因为它拥有大量消费者数据和很强的人工智能能力。"
    assert turn.verdicts() == ["supported", "partial", "unsupported"]
    expect(turn.prose).to_have_attribute("lang", "zh")
    expect(turn.byline).to_contain_text("3 句话中有 1 句没有来源支持")


def test_before_the_first_token_the_page_shows_what_is_read(chat: ChatPage, stub: StubServer) -> None:
    stub.held = "token"
    turn = chat.send("Why did Apple choose Alibaba?")
    expect(turn.root.locator(".reading-list li").first).to_contain_text("Apple partnered with Alibaba")
    expect(turn.byline).to_contain_text("Reading 5 sentences of 5 documents")
    expect(turn.prose).to_have_count(0)
    stub.held = ""
    turn.wait()
    expect(turn.root.locator(".reading-list")).to_have_count(0)


def test_a_draft_settles_sentence_by_sentence(chat: ChatPage, stub: StubServer) -> None:
    stub.held = "sentence"
    turn = chat.send("Why did Apple choose Alibaba?")
    expect(turn.draft).to_contain_text("Apple chose Alibaba")
    assert turn.sentences.count() == 0
    stub.held = "answer"
    expect(turn.sentences).to_have_count(3)
    assert turn.verdicts() == ["supported", "partial", "unsupported"]
    expect(turn.byline).to_contain_text("Checking the draft")
    assert turn.root.get_attribute("aria-busy") == "true"
    stub.held = ""
    turn.wait()
    assert turn.root.get_attribute("aria-busy") == "false"
    assert len(turn.sentence_texts()) == 3


def test_a_draft_that_did_not_hold_gives_way_to_a_second(chat: ChatPage, stub: StubServer) -> None:
    stub.held = "answer"
    turn = chat.send("Why a second time?")
    expect(turn.sentences).to_have_count(3)
    expect(turn.prose).not_to_contain_text("for no reason")
    stub.held = ""
    turn.wait()
    assert turn.verdicts() == ["supported", "partial", "unsupported"]


def test_a_follow_up_shows_what_was_searched(chat: ChatPage, stub: StubServer) -> None:
    chat.ask("Why did Apple choose Alibaba?")
    turn = chat.ask("And then?")
    expect(turn.root.locator(".searched-as")).to_contain_text("And then? (about Apple and Alibaba)")
    assert len({body["conversation_id"] for body in stub.asked}) == 1
    assert len({body["turn_id"] for body in stub.asked}) == 2


def test_an_example_question_is_asked_by_choosing_it(chat: ChatPage, stub: StubServer) -> None:
    expect(chat.examples.first).to_have_text("Why did Apple choose Alibaba?")
    chat.examples.first.click()
    chat.last.wait()
    assert stub.asked[0]["question"] == "Why did Apple choose Alibaba?"


def test_stopping_ends_the_generation_and_keeps_the_draft(
    chat: ChatPage, stub: StubServer, eventually: Callable[..., None]
) -> None:
    turn = chat.send("A slow question")
    expect(turn.draft).to_contain_text("word5")
    chat.stop()
    expect(turn.outcome).to_contain_text("You stopped this answer")
    eventually(lambda: stub.cancelled == 1)
    drafted = turn.draft.text_content() or ""
    assert drafted.startswith("word0 word1")
    assert "word119" not in drafted
    stub.delay = 0
    turn.outcome.locator("button").click()
    turn.wait()
    assert stub.asked[0]["turn_id"] == stub.asked[1]["turn_id"]
    assert turn.sentences.count() == 1


def test_an_edited_question_replaces_its_turn_and_all_later_ones(chat: ChatPage, stub: StubServer) -> None:
    first = chat.ask("Why did Apple choose Alibaba?")
    chat.ask("And then?")
    replaced = stub.asked[0]["turn_id"]
    first.ask_anew("What does the label say?")
    expect(chat.page.locator(".turn")).to_have_count(1)
    chat.last.wait()
    expect(chat.last.question).to_have_text("What does the label say?")
    assert stub.asked[2]["replace_turn"] == replaced
    assert stub.asked[2]["turn_id"] != replaced


def test_answering_again_replaces_the_turn(chat: ChatPage, stub: StubServer) -> None:
    chat.ask("Why did Apple choose Alibaba?").action(1).click()
    expect(chat.page.locator(".turn")).to_have_count(1)
    chat.last.wait()
    assert stub.asked[1]["question"] == "Why did Apple choose Alibaba?"
    assert stub.asked[1]["replace_turn"] == stub.asked[0]["turn_id"]


def test_an_answer_is_copied_with_its_footnotes(chat: ChatPage) -> None:
    turn = chat.ask("Why did Apple choose Alibaba?")
    turn.action(0).click()
    chat.menu.get_by_role("menuitem", name="Markdown").click()
    expect(chat.toast).to_contain_text("Copied")
    markdown = chat.page.evaluate("navigator.clipboard.readText()")
    assert "capabilities in artificial intelligence.[^1][^2] It ruled out" in markdown
    assert "many years. (not supported by the corpus)" in markdown
    assert "[^1]: Apple and Alibaba: AI for iPhones in China › Why Apple chose Alibaba" in markdown
    turn.action(0).click()
    chat.menu.get_by_role("menuitem", name="plain").click()
    chat.page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('intelligence.[1][2]')")


def test_an_answer_is_rated(chat: ChatPage, stub: StubServer) -> None:
    turn = chat.ask("Why did Apple choose Alibaba?")
    turn.action(2).click()
    expect(turn.action(2)).to_have_attribute("aria-pressed", "true")
    turn.action(3).click()
    chat.give_feedback("incomplete", "It leaves out the price.")
    expect(turn.action(3)).to_have_attribute("aria-pressed", "true")
    assert [entry["rating"] for entry in stub.feedback] == ["up", "down"]
    assert stub.feedback[1]["reason"] == "incomplete"
    assert stub.feedback[1]["comment"] == "It leaves out the price."
    assert stub.feedback[1]["target"] == "answer"


def test_why_shows_scores_times_model_and_snapshot(chat: ChatPage) -> None:
    chat.ask("Why did Apple choose Alibaba?").action(4).click()
    expect(chat.panel.why).to_contain_text("At least 50% is required")
    expect(chat.panel.why).to_contain_text("qwen2.5-coder-1.5b-instruct-q4_k_m (llama_cpp)")
    expect(chat.panel.why).to_contain_text("5e0c5e0c5e0c")
    expect(chat.panel.why).to_contain_text("Words of the question found")
    assert chat.panel.why.locator(".why-hits li").count() == 5
