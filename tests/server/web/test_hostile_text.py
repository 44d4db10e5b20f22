"""Documents, titles, questions and answers are text: they run nothing and fetch nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.server.web.documents import HOSTILE
from tests.server.web.pages import ChatPage
from tests.server.web.scripts import HOSTILE_ANSWER, PRICE
from tests.server.web.stub_server import StubServer

pytestmark = pytest.mark.browser
_QUESTION = 'What is the price? <img src=x onerror="window.pwned=1"> ![](http://evil.test/beacon.png)'


def test_hostile_text_is_shown_as_text(chat: ChatPage, stub: StubServer) -> None:
    asked: list[str] = []
    chat.page.on("request", lambda request: asked.append(request.url))
    turn = chat.ask(_QUESTION)
    assert turn.sentence_texts() == [said.text for said in HOSTILE_ANSWER.said]
    expect(turn.question).to_have_text(_QUESTION)
    turn.marker(1).hover()
    expect(chat.card).to_contain_text("<script>window.pwned=1</script>")
    turn.marker(1).click()
    assert chat.panel.highlighted() == PRICE
    expect(chat.panel.title).to_have_text(HOSTILE.title)
    assert chat.panel.text.text_content() == HOSTILE.text
    turn.action(4).click()
    expect(chat.panel.why).to_contain_text('<img src=x onerror="window.pwned=1"> report')
    chat.page.reload()
    chat.last.wait()
    chat.open("#/corpus")
    expect(chat.page.locator(".document-list")).to_contain_text("<b>topic</b>")
    assert chat.page.evaluate("window.pwned") is None
    assert chat.page.locator("#app img, #app script, #app b").count() == 0
    assert all(url.startswith(chat.url) for url in asked)
    links = chat.page.locator("a").evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    assert all(link.startswith(("#", "v1/")) for link in links)


def test_a_line_without_end_breaks_nothing(chat: ChatPage) -> None:
    chat.ask(_QUESTION).marker(1).click()
    chat.panel.highlighted()
    assert chat.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    scroller = chat.panel.root.locator(".document-scroll")
    assert scroller.evaluate("node => node.scrollWidth <= node.clientWidth + 1")


def test_copied_markdown_is_inert(chat: ChatPage) -> None:
    turn = chat.ask(_QUESTION)
    turn.action(0).click()
    chat.menu.get_by_role("menuitem", name="Markdown").click()
    expect(chat.toast).to_contain_text("Copied")
    markdown = chat.page.evaluate("navigator.clipboard.readText()")
    assert "\\<img src=x" in markdown
    assert "\\!\\[\\]\\(http" in markdown
    assert "](javascript" not in markdown
