"""For everyone: axe, the keyboard, what is read aloud, input methods, small screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from tests.server.web.pages import ChatPage
from tests.server.web.scripts import DATA
from tests.server.web.stub_server import StubServer

pytestmark = pytest.mark.browser
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_QUESTIONS = {
    "en-US": ("Why did Apple choose Alibaba?", "What is the battery capacity?"),
    "zh-CN": ("苹果为什么选择阿里巴巴？", "电池容量是多少？"),
}


def violations(chat: ChatPage) -> str:
    """Return what axe finds on the page as it is."""
    results = Axe().run(chat.page, options=_RULES | {"resultTypes": ["violations"]})
    return results.generate_report() if results.violations_count else ""


@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_axe_finds_nothing(open_chat: Callable[..., ChatPage], language: str, scheme: str, phone: bool) -> None:
    chat = open_chat(language, scheme=scheme, phone=phone)
    answered, refused = _QUESTIONS[language]
    expect(chat.examples.first).to_be_visible()
    assert violations(chat) == ""
    turn = chat.ask(answered)
    chat.ask(refused)
    turn.marker(1).click()
    chat.panel.highlighted()
    # A panel that slides in is not there yet.
    chat.page.wait_for_timeout(300)
    assert violations(chat) == ""
    chat.panel.close()
    turn.action(4).click()
    expect(chat.panel.why).to_be_visible()
    chat.page.wait_for_timeout(300)
    assert violations(chat) == ""
    chat.panel.close()
    turn.action(3).click()
    expect(chat.dialog).to_be_visible()
    assert violations(chat) == ""
    chat.open("#/corpus")
    expect(chat.page.locator(".document-list")).to_be_visible()
    assert violations(chat) == ""


def test_axe_finds_nothing_while_an_answer_streams_or_has_failed(chat: ChatPage, stub: StubServer) -> None:
    chat.send("A slow question")
    expect(chat.last.draft).to_contain_text("word3")
    assert violations(chat) == ""
    chat.stop()
    stub.problems = [(429, "queue-full")]
    chat.send("Why did Apple choose Alibaba?")
    expect(chat.last.outcome).to_contain_text("queue full")
    assert violations(chat) == ""


def test_axe_finds_nothing_in_the_sign_in_form_and_the_help(
    open_chat: Callable[..., ChatPage], stub: StubServer
) -> None:
    chat = open_chat()
    chat.page.get_by_role("button", name="Help").click()
    expect(chat.dialog).to_be_visible()
    assert violations(chat) == ""
    stub.key_required = True
    chat.page.reload()
    expect(chat.page.locator("#key")).to_be_visible()
    assert violations(chat) == ""


def test_everything_can_be_done_by_keyboard(chat: ChatPage) -> None:
    keyboard = chat.page.keyboard
    expect(chat.box).to_be_focused()
    keyboard.type("Why did Apple choose Alibaba?")
    keyboard.press("Enter")
    chat.last.wait()
    for _ in range(3):
        keyboard.press("Shift+Tab")
    # Back from the box: the last action, and before the actions the sources.
    expect(chat.last.action(2)).to_be_focused()
    chat.last.root.locator(".edit-button").focus()
    keyboard.press("Tab")
    expect(chat.last.marker(1)).to_be_focused()
    keyboard.press("Enter")
    assert chat.panel.highlighted() == DATA
    keyboard.press("Escape")
    expect(chat.panel.marks).to_have_count(0)
    expect(chat.last.marker(1)).to_be_focused()
    chat.last.action(0).focus()
    keyboard.press("Enter")
    expect(chat.menu.locator("button").first).to_be_focused()
    keyboard.press("ArrowDown")
    expect(chat.menu.locator("button").last).to_be_focused()
    keyboard.press("Escape")
    expect(chat.menu).to_have_count(0)
    expect(chat.last.action(0)).to_be_focused()
    keyboard.press("/")
    expect(chat.box).to_be_focused()


def test_the_focus_can_be_seen(chat: ChatPage) -> None:
    chat.ask("Why did Apple choose Alibaba?")
    chat.last.action(0).focus()
    chat.page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert chat.page.evaluate(outline) == "solid"


def test_the_settled_answer_is_read_aloud_and_no_token_is(chat: ChatPage, stub: StubServer) -> None:
    chat.page.evaluate(
        """() => {
            window.spoken = [];
            const region = document.getElementById("announcer");
            new MutationObserver(() => window.spoken.push(region.textContent)).observe(region, {childList: true});
        }"""
    )
    stub.delay = 0.03
    chat.ask("Why did Apple choose Alibaba?")
    chat.page.wait_for_function("window.spoken.some((text) => text !== '')")
    [spoken] = [text for text in chat.page.evaluate("window.spoken") if text]
    assert spoken.startswith("Answer: Apple chose Alibaba")
    assert spoken.endswith("many years. (not supported by the corpus)")
    assert chat.page.locator(".log [aria-live]").count() == 0


@pytest.mark.parametrize("key", [{"isComposing": True}, {"keyCode": 229}], ids=["composing", "key code 229"])
def test_enter_that_ends_a_composition_does_not_send(chat: ChatPage, stub: StubServer, key: dict[str, object]) -> None:
    chat.box.fill("苹果")
    chat.box.dispatch_event("keydown", {"key": "Enter", "bubbles": True} | key)
    chat.page.wait_for_timeout(200)
    expect(chat.box).to_have_value("苹果")
    assert stub.asked == []


def test_a_word_of_an_input_method_is_taken_by_enter_and_sent_by_the_next(chat: ChatPage, stub: StubServer) -> None:
    keyboard = chat.page.context.new_cdp_session(chat.page)
    chat.box.focus()
    keyboard.send("Input.imeSetComposition", {"text": "pingguo", "selectionStart": 7, "selectionEnd": 7})
    # While it composes, a browser reports every key as 229.
    keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "Process", "windowsVirtualKeyCode": 229})
    keyboard.send("Input.insertText", {"text": "苹果"})
    expect(chat.box).to_have_value("苹果")
    assert stub.asked == []
    chat.box.press("Enter")
    expect(chat.page.locator(".turn")).to_have_count(1)
    chat.turns[0].wait()
    assert [body["question"] for body in stub.asked] == ["苹果"]


def test_shift_and_enter_begin_a_new_line(chat: ChatPage, stub: StubServer) -> None:
    chat.box.fill("one")
    chat.box.press("Shift+Enter")
    chat.box.press_sequentially("two")
    expect(chat.box).to_have_value("one\ntwo")
    assert stub.asked == []


def test_on_a_phone_the_sides_are_drawers(open_chat: Callable[..., ChatPage]) -> None:
    chat = open_chat(phone=True)
    turn = chat.ask("Why did Apple choose Alibaba?")
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(chat.conversations.first).not_to_be_in_viewport()
    turn.marker(2).tap()
    expect(chat.panel.marks.first).to_be_in_viewport()
    expect(chat.card).to_have_count(0)
    chat.panel.close()
    expect(chat.panel.root).not_to_be_in_viewport()
    chat.page.locator(".menu-button").tap()
    expect(chat.conversations.first).to_be_in_viewport()
    assert chat.page.locator(".stage-frame").evaluate("frame => frame.inert")
    chat.page.keyboard.press("Escape")
    expect(chat.conversations.first).not_to_be_in_viewport()
    assert not chat.page.locator(".stage-frame").evaluate("frame => frame.inert")
