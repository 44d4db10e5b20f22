"""What the page costs, and that it holds still."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.server.web.conftest import WIDE
from tests.server.web.pages import ChatPage
from tests.server.web.stub_server import StubServer

pytestmark = pytest.mark.browser
MOST_BYTES = 100_000
# A draft may be withdrawn before a look from outside comes to see it, so the page itself notes that it was there.
_WATCH = """() => {
    window.shifts = [];
    window.streamed = false;
    new MutationObserver(() => {
        window.streamed ||= document.querySelector(".reading-list, .prose")?.checkVisibility() ?? false;
    }).observe(document.body, { childList: true, subtree: true });
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
    }).observe({ type: "layout-shift", buffered: true });
}"""


def test_the_first_load_is_light_and_asks_no_other_host(
    browser: Browser, stub: StubServer, _served: tuple[StubServer, str]
) -> None:
    page = browser.new_page(viewport=WIDE)
    sizes: dict[str, int] = {}
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto(_served[1])
    page.locator(".example").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) < MOST_BYTES
    assert all(url.startswith(_served[1]) for url in sizes)
    page.close()


def test_the_page_is_ready_within_a_second(chat: ChatPage) -> None:
    chat.page.reload()
    expect(chat.box).to_be_focused()
    # The box is there when the last script of the first load has run.
    loaded = chat.page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert loaded < 1000


@pytest.mark.parametrize("question", ["A long question", "苹果为什么选择阿里巴巴？", "What is the battery capacity?"])
def test_nothing_shifts_while_an_answer_streams(chat: ChatPage, stub: StubServer, question: str) -> None:
    stub.delay = 0.03
    chat.page.evaluate(_WATCH)
    chat.send(question)
    chat.last.wait()
    chat.page.wait_for_timeout(300)
    assert chat.page.evaluate("window.streamed")
    assert sum(chat.page.evaluate("window.shifts")) < 0.005


def test_a_new_question_comes_to_the_top_and_stays_there(chat: ChatPage, stub: StubServer) -> None:
    for _ in range(3):
        chat.ask("Why did Apple choose Alibaba?")
    stub.delay = 0.02
    chat.send("A long question")
    top = "document.querySelector('.turn:last-child').getBoundingClientRect().top"
    before = chat.page.evaluate(top)
    chat.last.wait()
    assert chat.page.evaluate(top) == before
    expect(chat.last.question).to_be_in_viewport()


def test_a_script_policy_holds(open_chat: Callable[..., ChatPage]) -> None:
    chat = open_chat()
    said: list[str] = []
    chat.page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    chat.ask("Why did Apple choose Alibaba?").marker(1).click()
    chat.panel.highlighted()
    chat.open("#/corpus")
    expect(chat.page.locator(".document-list")).to_be_visible()
    assert said == []
