"""From a marker to the sentence it rests on."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.server.web.documents import CHINESE, EARLIER, LABELLING, MARKET, PARTNERSHIP
from tests.server.web.pages import ChatPage
from tests.server.web.scripts import COVERS, DATA, FORCE, ROSE, STAFF, ZH_STAFF
from tests.server.web.stub_server import StubServer

pytestmark = pytest.mark.browser


def test_a_citation_opens_its_document_at_the_exact_sentence(chat: ChatPage, stub: StubServer) -> None:
    turn = chat.ask("Why did Apple choose Alibaba?")
    [answer] = [turn["answer"] for turn in stub.conversations[f"{1:032x}"]["turns"]]
    for citation in answer["citations"]:
        turn.marker(citation["marker"]).click()
        expect(chat.panel.position).to_have_text(f"Citation {citation['marker']} of 3")
        # Characters outside the basic plane stand before this sentence.
        assert chat.panel.highlighted() == PARTNERSHIP.text[citation["start"] : citation["end"]] == citation["quote"]
        expect(chat.panel.marks.first).to_be_in_viewport()
    expect(chat.panel.title).to_have_text(PARTNERSHIP.title)
    expect(chat.panel.path).to_have_text("Why Apple chose Alibaba 𝑤ℎ𝑦")
    expect(chat.panel.facts).to_contain_text(f"version {PARTNERSHIP.version[:8]}")
    expect(chat.panel.facts).to_contain_text("Feb 13, 2025")


def test_the_text_shown_is_the_text_of_the_document(chat: ChatPage) -> None:
    chat.ask("Why did Apple choose Alibaba?").marker(1).click()
    assert chat.panel.highlighted() == DATA
    assert chat.panel.text.text_content() == PARTNERSHIP.text


def test_a_chinese_citation_opens_at_its_sentence(open_chat: Callable[..., ChatPage]) -> None:
    chat = open_chat("zh-CN")
    chat.ask("苹果为什么选择阿里巴巴？").marker(2).click()
    assert chat.panel.highlighted() == ZH_STAFF
    expect(chat.panel.title).to_have_text(CHINESE.title)
    expect(chat.panel.text).to_have_attribute("lang", "zh")


def test_a_page_is_named_and_the_place_scrolled_to(chat: ChatPage) -> None:
    chat.ask("What does the label say?").marker(1).click()
    assert chat.panel.highlighted() == FORCE
    expect(chat.panel.path).to_have_text("Since when · p. 2")
    assert LABELLING.pages[1].start <= LABELLING.text.index(FORCE)
    expect(chat.panel.marks.first).to_be_in_viewport()


def test_an_old_answer_opens_the_version_it_was_given_from(chat: ChatPage) -> None:
    chat.ask("What about Huawei?").marker(1).click()
    assert chat.panel.highlighted() == ROSE
    expect(chat.panel.facts).to_contain_text(EARLIER.version[:8])
    expect(chat.panel.root).to_contain_text("The document has changed since")
    chat.panel.root.get_by_role("button", name="Open the current version").click()
    expect(chat.panel.facts).to_contain_text(MARKET.version[:8])


def test_pointing_at_a_marker_shows_its_quote(chat: ChatPage) -> None:
    turn = chat.ask("Why did Apple choose Alibaba?")
    turn.marker(3).hover()
    expect(chat.card).to_contain_text(STAFF)
    expect(chat.card).to_contain_text("The source says part of this")
    chat.page.keyboard.press("Escape")
    expect(chat.card).to_have_count(0)


def test_focusing_a_marker_shows_its_quote(chat: ChatPage) -> None:
    turn = chat.ask("Why did Apple choose Alibaba?")
    turn.root.locator(".edit-button").focus()
    chat.page.keyboard.press("Tab")
    expect(turn.marker(1)).to_be_focused()
    expect(chat.card).to_contain_text(DATA)
    expect(turn.marker(1)).to_have_attribute("aria-describedby", "quote-card-quote")


def test_citations_are_walked_by_keyboard(chat: ChatPage) -> None:
    turn = chat.ask("Why did Apple choose Alibaba?")
    turn.question.click()
    chat.page.keyboard.press("]")
    expect(turn.marker(1)).to_be_focused()
    assert chat.panel.highlighted() == DATA
    chat.page.keyboard.press("j")
    expect(chat.panel.position).to_have_text("Citation 2 of 3")
    assert chat.panel.highlighted() == COVERS
    chat.page.keyboard.press("[")
    chat.page.keyboard.press("k")
    expect(chat.panel.position).to_have_text("Citation 3 of 3")
    chat.panel.root.get_by_role("button", name="Previous citation").click()
    expect(chat.panel.position).to_have_text("Citation 2 of 3")
    expect(chat.panel.root.get_by_role("button", name="Previous citation")).to_be_focused()


def test_a_source_cited_twice_is_passed_twice(chat: ChatPage) -> None:
    turn = chat.ask("A long question")
    turn.question.click()
    chat.page.keyboard.press("]")
    following = chat.panel.root.get_by_role("button", name="Next citation")
    for place in range(1, 5):
        expect(chat.panel.position).to_have_text(f"Citation {(place + 1) % 2 + 1} of 2")
        expect(chat.panel.root.locator(".cited-by")).to_contain_text(f"Sentence {place} says")
        following.click()


def test_single_keys_can_be_switched_off(chat: ChatPage) -> None:
    turn = chat.ask("Why did Apple choose Alibaba?")
    turn.question.click()
    chat.page.keyboard.press("?")
    expect(chat.dialog).to_contain_text("Next citation")
    chat.dialog.locator("input[type=checkbox]").uncheck()
    chat.page.keyboard.press("Escape")
    expect(chat.dialog).to_have_count(0)
    turn.question.click()
    chat.page.keyboard.press("]")
    expect(chat.panel.marks).to_have_count(0)


def test_keys_typed_into_the_question_box_are_text(chat: ChatPage) -> None:
    chat.ask("Why did Apple choose Alibaba?")
    chat.box.press_sequentially("]?jn")
    expect(chat.box).to_have_value("]?jn")
    expect(chat.dialog).to_have_count(0)


@pytest.mark.parametrize("where", ["card", "panel"])
def test_a_wrong_citation_is_reported_on_the_marker_itself(chat: ChatPage, stub: StubServer, where: str) -> None:
    turn = chat.ask("Why did Apple choose Alibaba?")
    if where == "card":
        turn.marker(3).hover()
        chat.card.get_by_role("button").click()
    else:
        turn.marker(3).click()
        chat.panel.root.get_by_role("button", name="Wrong citation?").click()
    expect(chat.dialog).to_contain_text("What is wrong with citation 3?")
    chat.give_feedback("wrong_citation", "It speaks of DeepSeek.")
    expect(chat.toast).to_contain_text("Thank you")
    answer_id = stub.conversations[f"{1:032x}"]["turns"][0]["answer"]["id"]
    assert stub.feedback == [
        {
            "answer_id": answer_id,
            "rating": "down",
            "target": "citation",
            "index": 3,
            "reason": "wrong_citation",
            "comment": "It speaks of DeepSeek.",
        }
    ]


def test_a_refusal_names_what_was_searched_and_what_is_near(chat: ChatPage, stub: StubServer) -> None:
    stub.held = "answer"
    turn = chat.send("What is the battery capacity?")
    expect(turn.draft).to_contain_text("The battery")
    stub.held = ""
    turn.wait()
    expect(turn.refusal).to_contain_text("The corpus does not say")
    expect(turn.refusal).to_contain_text("Searched 5 documents")
    expect(turn.refusal).to_contain_text("What is the battery capacity?")
    expect(turn.refusal).to_contain_text("A draft was withdrawn")
    expect(turn.prose).to_have_count(0)
    turn.refusal.get_by_role("link", name=MARKET.title).click()
    expect(chat.panel.title).to_have_text(MARKET.title)
    assert "/c/" in chat.page.url


def test_a_source_that_cannot_be_fetched_still_shows_the_quote(chat: ChatPage) -> None:
    def gone(route: object) -> None:
        body = json.dumps({"type": "urn:pincite:problem:not-found", "title": "There is no such thing", "status": 404})
        route.fulfill(status=404, content_type="application/problem+json", body=body)  # type: ignore[attr-defined]

    chat.page.route("**/v1/documents/en-apple-alibaba*", gone)
    chat.ask("Why did Apple choose Alibaba?").marker(1).click()
    expect(chat.panel.root).to_contain_text("There is no such thing")
    expect(chat.panel.root.locator(".lone-quote")).to_have_text(DATA)
