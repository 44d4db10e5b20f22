"""The page of the documents."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.server.web.documents import CHINESE, DOCUMENTS, LABELLING, MARKET, PARTNERSHIP
from tests.server.web.pages import ChatPage

pytestmark = pytest.mark.browser


@pytest.fixture
def corpus(open_chat: Callable[..., ChatPage]) -> ChatPage:
    opened = open_chat(path="#/corpus")
    expect(opened.page.locator(".document-list li")).to_have_count(len(DOCUMENTS))
    return opened


def test_the_state_of_the_index_is_shown(corpus: ChatPage) -> None:
    state = corpus.page.locator(".index-state")
    expect(state).to_contain_text("Index ready")
    expect(state).to_contain_text(f"{len(DOCUMENTS)} documents")
    expect(state).to_contain_text("snapshot 5e0c5e0c")


def test_documents_are_filtered(corpus: ChatPage) -> None:
    titles = corpus.page.locator(".document-list h2")
    corpus.page.locator("#corpus-language").select_option("zh")
    expect(titles).to_have_text([CHINESE.title])
    corpus.page.locator("#corpus-language").select_option("")
    corpus.page.locator("#corpus-topic").select_option("market")
    expect(titles).to_have_text([MARKET.title])
    corpus.page.locator("#corpus-topic").select_option("")
    corpus.page.locator("#corpus-from").fill("2025-06-01")
    expect(titles).to_have_text([LABELLING.title])
    expect(corpus.page.locator(".corpus-count")).to_have_text("1 document")


def test_a_search_shows_passages_with_the_words_highlighted(corpus: ChatPage) -> None:
    corpus.page.locator("#corpus-query").fill("deepseek")
    hits = corpus.page.locator(".hit-list li")
    expect(hits).to_have_count(2)
    assert hits.first.locator("mark").all_text_contents() == ["DeepSeek"] * 3
    hits.first.locator("a").click()
    expect(corpus.panel.title).to_have_text(PARTNERSHIP.title)
    assert "DeepSeek" in corpus.panel.highlighted()
    corpus.page.locator("#corpus-language").select_option("zh")
    expect(hits).to_have_count(1)
    corpus.page.locator("#corpus-to").fill("2024-01-01")
    expect(corpus.page.locator(".corpus-count")).to_have_text("Nothing found")


def test_a_document_has_an_address(open_chat: Callable[..., ChatPage]) -> None:
    chat = open_chat("zh-CN", path=f"#/corpus/{CHINESE.id}")
    expect(chat.panel.title).to_have_text(CHINESE.title)
    assert chat.panel.text.text_content() == CHINESE.text
