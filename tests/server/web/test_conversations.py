"""What outlasts an answer: conversations, and how the page is set."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.server.web.pages import ChatPage
from tests.server.web.stub_server import StubServer

pytestmark = pytest.mark.browser


def test_a_reload_keeps_the_conversation(chat: ChatPage, stub: StubServer) -> None:
    before = chat.ask("Why did Apple choose Alibaba?").sentence_texts()
    chat.page.reload()
    chat.last.wait()
    assert chat.last.sentence_texts() == before
    assert chat.last.markers.all_text_contents() == ["1", "2", "3"]
    assert len(stub.asked) == 1


def test_a_turn_without_answer_can_be_answered_later(chat: ChatPage, stub: StubServer) -> None:
    turn = chat.send("A slow question")
    expect(turn.draft).to_contain_text("word2")
    chat.page.reload()
    expect(chat.last.outcome).to_contain_text("This question has no answer")
    stub.delay = 0
    chat.last.outcome.locator("button").click()
    chat.last.wait()
    assert stub.asked[0]["turn_id"] == stub.asked[1]["turn_id"]


def test_an_answer_goes_on_while_one_looks_elsewhere(chat: ChatPage, stub: StubServer) -> None:
    chat.send("A slow question")
    expect(chat.last.draft).to_contain_text("word2")
    chat.page.locator(".new-button").click()
    expect(chat.page.locator(".welcome")).to_be_visible()
    chat.conversations.first.click()
    chat.last.wait()
    assert stub.cancelled == 0
    assert len(stub.asked) == 1


def test_conversations_are_renamed_exported_and_deleted(chat: ChatPage, stub: StubServer) -> None:
    chat.ask("Why did Apple choose Alibaba?")
    expect(chat.conversations).to_have_text(["Why did Apple choose Alibaba?"])
    chat.page.locator(".item-menu").click()
    chat.menu.get_by_role("menuitem", name="Rename").click()
    chat.dialog.locator("input").fill("Partners")
    chat.dialog.locator("input").press("Enter")
    expect(chat.conversations).to_have_text(["Partners"])
    expect(chat.page.locator(".bar-title")).to_have_text("Partners")
    chat.page.locator(".item-menu").click()
    with chat.page.expect_download() as download:
        chat.menu.get_by_role("menuitem", name="Export as Markdown").click()
    assert download.value.path().read_text() == "# Partners\n"
    chat.page.locator(".item-menu").click()
    chat.menu.get_by_role("menuitem", name="Delete").click()
    chat.dialog.locator("button[type=submit]").click()
    expect(chat.conversations).to_have_count(0)
    expect(chat.page.locator(".welcome")).to_be_visible()
    assert stub.conversations == {}


def test_the_language_is_switched_and_remembered(chat: ChatPage) -> None:
    chat.ask("Why did Apple choose Alibaba?")
    chat.box.fill("half a question")
    chat.switch_language("zh")
    expect(chat.last.byline).to_contain_text("3 句话中有 1 句没有来源支持")
    expect(chat.box).to_have_value("half a question")
    chat.page.reload()
    expect(chat.page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_the_theme_is_switched_and_remembered(chat: ChatPage) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = chat.page.evaluate(background)
    chat.page.get_by_role("button", name="Dark").click()
    dark = chat.page.evaluate(background)
    assert dark != light
    chat.page.reload()
    assert chat.page.evaluate(background) == dark
