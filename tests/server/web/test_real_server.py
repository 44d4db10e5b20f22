"""The page on the real server, with a stand-in for the models: what the stub claims of the server is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, expect

from tests.server.stand_ins import QUESTION
from tests.server.web.conftest import WIDE
from tests.server.web.pages import ChatPage
from tests.server.web.test_loading import MOST_BYTES

pytestmark = pytest.mark.browser


@pytest.fixture
def page_on(browser: Browser, live: Callable[[FastAPI], str]) -> Iterator[Callable[[FastAPI], ChatPage]]:
    """Opens the page that an application serves; a script error on the page fails the test."""
    contexts, faults = [], []

    def start(app: FastAPI) -> ChatPage:
        contexts.append(browser.new_context(locale="en-US", viewport=WIDE))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        chat = ChatPage(page, f"{live(app)}/")
        chat.open()
        return chat

    yield start
    for context in contexts:
        context.close()
    assert faults == []


def test_an_answer_its_source_its_history_and_a_complaint(
    page_on: Callable[[FastAPI], ChatPage], app_of: Callable[..., FastAPI]
) -> None:
    chat = page_on(app_of(delay=0.02))
    turn = chat.ask(QUESTION)
    [summary] = httpx.get(f"{chat.url}v1/conversations").json()["conversations"]
    stored = httpx.get(f"{chat.url}v1/conversations/{summary['id']}").json()["turns"][0]["answer"]
    assert turn.sentence_texts() == [sentence["text"] for sentence in stored["sentences"]]
    assert turn.verdicts() == [sentence["verdict"] for sentence in stored["sentences"]]
    for citation in stored["citations"]:
        turn.marker(citation["marker"]).click()
        expect(chat.panel.position).to_contain_text(f"Citation {citation['marker']} ")
        assert chat.panel.highlighted() == citation["quote"]
    chat.panel.root.get_by_role("button", name="Wrong citation?").click()
    chat.give_feedback("not_in_source", "")
    expect(chat.toast).to_contain_text("Thank you")
    chat.ask("And then?")
    chat.last.action(1).click()
    expect(chat.page.locator('.turn[aria-busy="true"]')).to_have_count(0)
    chat.page.reload()
    expect(chat.page.locator(".turn")).to_have_count(2)
    chat.last.wait()


def test_a_refusal(page_on: Callable[[FastAPI], ChatPage], app_of: Callable[..., FastAPI]) -> None:
    chat = page_on(app_of(yes=0.05))
    turn = chat.ask(QUESTION)
    expect(turn.refusal).to_contain_text("Searched 2 documents")
    turn.refusal.get_by_role("link").first.click()
    expect(chat.panel.text).to_be_visible()
    turn.action(4).click()
    expect(chat.panel.why).to_contain_text("The corpus does not say enough")


def test_stopping_frees_the_slot(
    page_on: Callable[[FastAPI], ChatPage], app_of: Callable[..., FastAPI], eventually: Callable[..., None]
) -> None:
    app = app_of(delay=0.5)
    chat = page_on(app)
    turn = chat.send(QUESTION)
    expect(turn.draft).to_contain_text("Apple")
    chat.stop()
    expect(turn.outcome).to_be_visible()
    eventually(lambda: "pincite_running_chats 0" in httpx.get(f"{chat.url}metrics").text)


def test_conversations_are_renamed_exported_and_deleted(
    page_on: Callable[[FastAPI], ChatPage], app_of: Callable[..., FastAPI]
) -> None:
    chat = page_on(app_of())
    chat.ask(QUESTION)
    chat.page.locator(".item-menu").click()
    chat.menu.get_by_role("menuitem", name="Rename").click()
    chat.dialog.locator("input").fill("Partners")
    chat.dialog.locator("input").press("Enter")
    expect(chat.conversations).to_have_text(["Partners"])
    chat.page.locator(".item-menu").click()
    with chat.page.expect_download() as download:
        chat.menu.get_by_role("menuitem", name="Export as Markdown").click()
    assert download.value.path().read_text().startswith("# Partners\n")
    chat.page.locator(".item-menu").click()
    chat.menu.get_by_role("menuitem", name="Delete").click()
    chat.dialog.locator("button[type=submit]").click()
    expect(chat.conversations).to_have_count(0)


def test_the_corpus_is_listed_filtered_and_searched(
    page_on: Callable[[FastAPI], ChatPage], app_of: Callable[..., FastAPI]
) -> None:
    chat = page_on(app_of())
    chat.open("#/corpus")
    expect(chat.page.locator(".document-list li")).to_have_count(2)
    expect(chat.page.locator(".index-state")).to_contain_text("Index ready")
    chat.page.locator("#corpus-from").fill("2025-01-01")
    expect(chat.page.locator(".document-list li")).to_have_count(1)
    chat.page.locator("#corpus-query").fill("Huawei sales")
    expect(chat.page.locator(".hit-list mark").first).to_be_visible()
    marked = chat.page.locator(".hit-list li").first.locator("mark").all_text_contents()
    assert marked == ["Huawei's", "sales"]


def test_the_first_load_is_light(
    browser: Browser, live: Callable[[FastAPI], str], app_of: Callable[..., FastAPI]
) -> None:
    page = browser.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(live(app_of()))
    page.locator(".example").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < MOST_BYTES
    page.close()
