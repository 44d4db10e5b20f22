"""When the connection or the server fails: nothing is lost, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from tests.server.web.pages import ChatPage
from tests.server.web.scripts import LONG
from tests.server.web.stub_server import KEY, StubServer

pytestmark = pytest.mark.browser
_LONG = [said.text for said in LONG.said]


def test_a_dropped_stream_whose_answer_is_stored_shows_that_answer(chat: ChatPage, stub: StubServer) -> None:
    stub.drops = [20]
    stub.stores_dropped = True
    turn = chat.ask("A long question")
    assert turn.sentence_texts() == _LONG
    assert len(stub.asked) == 1


def test_a_dropped_stream_without_answer_is_asked_again_as_the_same_turn(chat: ChatPage, stub: StubServer) -> None:
    stub.drops = [20, 35, None]
    turn = chat.ask("A long question")
    assert turn.sentence_texts() == _LONG
    assert len(stub.asked) == 3
    assert len({body["turn_id"] for body in stub.asked}) == 1
    assert len(stub.conversations[f"{1:032x}"]["turns"]) == 1


def test_the_text_on_the_page_never_shrinks_nor_doubles_over_a_reconnection(chat: ChatPage, stub: StubServer) -> None:
    stub.drops = [40, None]
    chat.page.evaluate(
        """() => {
            window.seen = [];
            const look = () => {
                const words = [...document.querySelectorAll(".prose .words, .prose .draft")];
                window.seen.push(words.map((node) => node.textContent).join(" ").replace(/\\s+/g, " ").trim());
                requestAnimationFrame(look);
            };
            look();
        }"""
    )
    chat.ask("A long question")
    seen = [text for text in chat.page.evaluate("window.seen") if text]
    whole = " ".join(_LONG)
    assert all(whole.startswith(text) for text in seen)
    assert all(len(before) <= len(after) for before, after in pairwise(seen))
    assert seen[-1] == whole


def test_a_regeneration_that_drops_replaces_only_once(chat: ChatPage, stub: StubServer) -> None:
    turn = chat.ask("A long question")
    stub.drops = [10, None]
    turn.action(1).click()
    expect(chat.page.locator('.turn[aria-busy="true"]')).to_have_count(1)
    chat.last.wait()
    assert "replace_turn" in stub.asked[1]
    assert "replace_turn" not in stub.asked[2]
    assert len(stub.conversations[f"{1:032x}"]["turns"]) == 1


def test_while_the_server_loads_the_question_waits(chat: ChatPage, stub: StubServer) -> None:
    stub.loading = True
    chat.page.reload()
    expect(chat.banner).to_contain_text("The models are loading")
    turn = chat.send("Why did Apple choose Alibaba?")
    expect(turn.byline).to_contain_text("still loading")
    stub.loading = False
    turn.wait()
    expect(chat.banner).to_be_hidden()
    expect(chat.page.locator(".turn")).to_have_count(1)


def test_a_full_queue_is_said_and_can_be_tried_again(chat: ChatPage, stub: StubServer) -> None:
    stub.problems = [(429, "queue-full")]
    turn = chat.send("Why did Apple choose Alibaba?")
    expect(turn.outcome).to_contain_text("queue full")
    turn.outcome.locator("button").click()
    turn.wait()
    assert stub.asked[0]["turn_id"] == stub.asked[1]["turn_id"]


def test_where_a_key_is_needed_one_signs_in_first(open_chat: Callable[..., ChatPage], stub: StubServer) -> None:
    stub.key_required = True
    chat = open_chat()
    chat.page.locator("#key").fill("wrong")
    chat.page.locator("#key").press("Enter")
    expect(chat.page.locator(".outcome")).to_contain_text("unauthorized")
    chat.page.locator("#key").fill(KEY)
    chat.page.locator("#key").press("Enter")
    chat.ask("Why did Apple choose Alibaba?")
    chat.page.get_by_role("button", name="Sign out").click()
    expect(chat.page.locator("#key")).to_be_visible()
    expect(chat.page.locator(".conversation")).to_have_count(0)


def test_a_session_that_runs_out_takes_no_question_with_it(
    open_chat: Callable[..., ChatPage], stub: StubServer
) -> None:
    stub.key_required = stub.signed_in = True
    chat = open_chat()
    stub.signed_in = False
    chat.box.fill("Why did Apple choose Alibaba?")
    chat.box.press("Enter")
    chat.page.locator("#key").fill(KEY)
    chat.page.locator("#key").press("Enter")
    expect(chat.box).to_have_value("Why did Apple choose Alibaba?")


def test_a_conversation_that_is_not_there_is_said_to_be(open_chat: Callable[..., ChatPage]) -> None:
    chat = open_chat(path="#/c/" + "0" * 32)
    expect(chat.page.locator(".lost")).to_contain_text("not found")
    chat.page.locator(".lost a").click()
    expect(chat.page.locator(".welcome")).to_be_visible()
