"""Pictures of the main views of a running server, in both languages and themes.

``python -m tests.server.web.shots http://127.0.0.1:8000/ docs/screenshots``
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.server.web.chromium import FLAGS, find_chromium
from tests.server.web.pages import ChatPage

QUESTIONS = {
    "en-US": ("Why did Apple choose Alibaba?", "What is the battery capacity of the iPhone 16?", "consumer data"),
    "zh-CN": ("苹果为什么没有选择DeepSeek？", "iPhone 16的电池容量是多少？", "消费者数据"),
}
SIZES: dict[str, ViewportSize] = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_SLIDE_MS = 400


def take_shots(chat: ChatPage, language: str) -> Iterator[str]:
    """Lead through the main views; each name that comes out is a view to take a picture of."""
    answered, refused, searched = QUESTIONS[language]
    chat.examples.first.wait_for()
    yield "empty"
    turn = chat.ask(answered)
    yield "answer"
    if turn.markers.count():
        turn.markers.first.click()
        chat.panel.highlighted()
        yield "source"
        chat.panel.close()
    turn = chat.ask(refused)
    yield "refusal"
    turn.action(4).click()
    chat.panel.why.wait_for()
    yield "why"
    chat.panel.close()
    chat.open("#/corpus")
    chat.page.locator("#corpus-query").fill(searched)
    chat.page.locator(".hit-list").wait_for()
    yield "search"


def shoot(browser: Browser, url: str, folder: Path) -> None:
    """Take all pictures and write them into ``folder``."""
    for language in QUESTIONS:
        for size, viewport in SIZES.items():
            phone = size == "phone"
            context = browser.new_context(
                locale=language,
                viewport=viewport,
                device_scale_factor=2 if phone else 1,
                is_mobile=phone,
                has_touch=phone,
            )
            chat = ChatPage(context.new_page(), url)
            chat.open()
            for view in take_shots(chat, language):
                for scheme in SCHEMES:
                    chat.page.emulate_media(color_scheme=scheme)
                    chat.page.wait_for_timeout(_SLIDE_MS)
                    _save(chat.page.screenshot(), folder / f"{view}-{size}-{scheme}-{language[:2]}.png")
            context.close()


def _save(picture: bytes, path: Path) -> None:
    """Write a picture in few colours: the page has no more, and a repository keeps every one of them for ever."""
    few = (
        Image.open(io.BytesIO(picture))
        .convert("RGB")
        .quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    )
    few.save(path, optimize=True)


def main() -> None:
    """Run the command line."""
    url, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        shoot(browser, url, folder)
        browser.close()


if __name__ == "__main__":
    main()
