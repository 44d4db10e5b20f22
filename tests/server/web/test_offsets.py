"""Offsets count code points on the server and UTF-16 units in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.server.web.stub_server import StubServer

pytestmark = pytest.mark.browser
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("a苹🍎𝒜é\n"), max_size=60)


@pytest.fixture(scope="module")
def script_page(browser: Browser, _served: tuple[StubServer, str]) -> Iterator[Page]:
    page = browser.new_page()
    page.goto(_served[1])
    yield page
    page.close()


@settings(max_examples=60, deadline=None)
@given(text=_TEXTS, data=st.data())
def test_slices_are_those_of_code_points(script_page: Page, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    script = "async ([text, start, end]) => (await import('/js/offsets.js')).sliceByCodePoints(text, start, end)"
    assert script_page.evaluate(script, [text, start, end]) == text[start:end]


@settings(max_examples=40, deadline=None)
@given(text=_TEXTS, offsets=st.lists(st.integers(0, 80), max_size=8))
def test_offsets_are_converted_in_any_order(script_page: Page, text: str, offsets: list[int]) -> None:
    script = "async ([text, offsets]) => (await import('/js/offsets.js')).toUnits(text, offsets)"
    expected = [len(text[:offset].encode("utf-16-le")) // 2 for offset in offsets]
    assert script_page.evaluate(script, [text, offsets]) == expected


_EVENTS = "event: token\ndata: {\"text\": \"苹\"}\n\n: sign of life\n\nid: 7\nevent: answer\ndata: a\ndata: b\n\ndata:x\n\nevent: none\n\n"  # fmt: skip  # noqa: E501
_PARSED = [
    {"event": "token", "data": '{"text": "苹"}', "id": ""},
    {"event": "answer", "data": "a\nb", "id": "7"},
    {"event": "message", "data": "x", "id": "7"},
]


@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.integers(0, 130), max_size=12), newline=st.sampled_from(["\n", "\r\n", "\r"]))
def test_events_are_read_however_the_stream_is_cut(script_page: Page, cuts: list[int], newline: str) -> None:
    stream = _EVENTS.replace("\n", newline) + newline  # a lone \r at the very end waits for what follows
    places = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    pieces = [stream[start:end] for start, end in pairwise(places)]
    script = """async (pieces) => {
        const parser = new (await import('/js/sse.js')).EventParser();
        return pieces.flatMap((piece) => parser.push(piece));
    }"""
    assert script_page.evaluate(script, pieces) == _PARSED


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(0, 160), max_size=12))
def test_bytes_cut_within_a_character_are_put_together(script_page: Page, cuts: list[int]) -> None:
    data = list(_EVENTS.encode())
    script = """async ([bytes, cuts]) => {
        const { readEvents } = await import('/js/sse.js');
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const body = new ReadableStream({
            start(controller) {
                for (let n = 1; n < places.length; n += 1) {
                    controller.enqueue(new Uint8Array(bytes.slice(places[n - 1], places[n])));
                }
                controller.close();
            },
        });
        const events = [];
        for await (const event of readEvents(body, 5000)) events.push(event);
        return events;
    }"""
    assert script_page.evaluate(script, [data, cuts]) == _PARSED


def test_a_stream_that_falls_silent_is_given_up(script_page: Page) -> None:
    script = """async () => {
        const { readEvents } = await import('/js/sse.js');
        try {
            for await (const event of readEvents(new ReadableStream({}), 50)) void event;
        } catch (error) {
            return error.message;
        }
    }"""
    assert script_page.evaluate(script) == "the stream fell silent"
