"""A browser, a stub of the server, and the page between them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.server.web.chromium import FLAGS, find_chromium
from tests.server.web.pages import ChatPage
from tests.server.web.stub_server import StubServer

WIDE: ViewportSize = {"width": 1440, "height": 900}
PATIENCE_MS = 30_000  # for a machine that does much else
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # A module at a time: while Playwright runs, no other event loop can run in this thread.
    path = find_chromium()
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def _served() -> Iterator[tuple[StubServer, str]]:
    stub = StubServer()
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(stub.app, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield stub, f"http://127.0.0.1:{listening.getsockname()[1]}/"
    server.should_exit = True
    thread.join()
    listening.close()


@pytest.fixture
def stub(_served: tuple[StubServer, str]) -> StubServer:
    """The stub, as new."""
    _served[0].reset()
    return _served[0]


@pytest.fixture
def open_chat(browser: Browser, stub: StubServer, _served: tuple[StubServer, str]) -> Iterator[Callable[..., ChatPage]]:
    """Opens the page in a browser of its own; a script error on the page fails the test."""
    contexts, faults = [], []

    def start(language: str = "en-US", *, phone: bool = False, scheme: str = "light", path: str = "") -> ChatPage:
        context = browser.new_context(
            locale=language,
            viewport=PHONE if phone else WIDE,
            has_touch=phone,
            is_mobile=phone,
            color_scheme="dark" if scheme == "dark" else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page: Page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        chat = ChatPage(page, _served[1])
        chat.open(path)
        return chat

    yield start
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def chat(open_chat: Callable[..., ChatPage]) -> ChatPage:
    """The page in English on a wide screen."""
    return open_chat()


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Waits until a condition of the stub holds; fails after some seconds."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 15
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.05)

    return wait
