"""The page on the real server, with the real models: what a person does with it from the first question on."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.server.real_server import real_server
from tests.server.web.pages import ChatPage

pytestmark = [pytest.mark.browser, pytest.mark.models]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real_server(tmp_path_factory.mktemp("served")) as url:
        yield url


@pytest.fixture
def real_chat(browser: Browser, url: str) -> Iterator[ChatPage]:
    context = browser.new_context(locale="en-US")
    chat = ChatPage(context.new_page(), f"{url}/")
    chat.open()
    yield chat
    context.close()


def test_from_a_question_to_its_source_and_back_after_a_reload(real_chat: ChatPage, url: str) -> None:
    turn = real_chat.ask("Why did Apple choose Alibaba?")
    assert set(turn.verdicts()) == {"supported"}
    turn.marker(1).click()
    highlighted = real_chat.panel.highlighted()
    conversation = httpx.get(f"{url}/v1/conversations").json()
    stored = httpx.get(f"{url}/v1/conversations/{_first_id(conversation)}").json()
    citation = stored["turns"][0]["answer"]["citations"][0]
    reference = citation["document"]
    document = httpx.get(f"{url}/v1/documents/{reference['id']}", params={"version": reference["version"]}).json()
    assert highlighted == citation["quote"] == document["text"][citation["start"] : citation["end"]]

    follow_up = real_chat.ask("Why not DeepSeek?")
    assert any("DeepSeek" in text for text in follow_up.sentence_texts())

    sentences = turn.sentence_texts()
    real_chat.page.reload()
    expect(real_chat.page.locator(".turn")).to_have_count(2)
    assert real_chat.turns[0].sentence_texts() == sentences


def test_a_chinese_question_and_a_refusal(real_chat: ChatPage) -> None:
    turn = real_chat.ask("苹果为什么没有选择DeepSeek？")
    expect(turn.prose).to_have_attribute("lang", "zh")
    assert "DeepSeek" in "".join(turn.sentence_texts())
    refused = real_chat.ask("What is the battery capacity of the iPhone 16?")
    expect(refused.refusal).to_be_visible()
    assert refused.markers.count() == 0


def _first_id(listed: object) -> str:
    summaries = listed["conversations"] if isinstance(listed, dict) else listed
    assert isinstance(summaries, list)
    return str(summaries[0]["id"])
