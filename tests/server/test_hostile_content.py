"""Documents, questions, titles and answers that try to be more than text. All of it comes back as data, unchanged."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag import Document, Settings, open_snapshot
from tests.conftest import OPEN_CALIBRATION
from tests.server.hostile_texts import (
    ANSWER,
    BEACON,
    FILES,
    HOSTILE_TEXT,
    LINK,
    QUESTION,
    SCRIPT,
    TITLE,
    TURNED,
)

if TYPE_CHECKING:
    from httpx2 import Response  # what the test client replies with


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The corpus that the server's fixtures index and serve."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "corpus").mkdir()
    for name, text in FILES.items():
        (folder / "corpus" / name).write_text(text, encoding="utf-8", newline="")
    (folder / "calibration.toml").write_text(OPEN_CALIBRATION, encoding="utf-8")
    return folder


@pytest.fixture
def client(
    settings: Settings,
    with_server: Callable[..., Settings],
    app_of: Callable[..., FastAPI],
    serve: Callable[..., TestClient],
) -> TestClient:
    """A client of a server whose model says hostile things."""
    return serve(app_of(with_server(settings, requests_per_minute=10_000), answer_text=ANSWER))


@pytest.fixture
def documents(settings: Settings) -> dict[str, Document]:
    """The documents as the index has them, by path."""
    with closing(open_snapshot(settings.index_dir)) as snapshot:
        return {document.path: document for document in snapshot.store.documents()}


def check(reply: Response, media_type: str = "application/json") -> Response:
    """A reply is of the type it should be, and a browser may not think otherwise."""
    assert reply.headers["Content-Type"].partition(";")[0] == media_type
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in reply.headers
    return reply


def test_documents_come_back_as_they_are(client: TestClient, documents: dict[str, Document]) -> None:
    assert set(documents) == set(FILES)
    listed = check(client.get("/v1/documents")).json()["documents"]
    assert {entry["path"]: entry["title"] for entry in listed} == {d.path: d.title for d in documents.values()}
    for document in documents.values():
        read = check(client.get(f"/v1/documents/{quote(document.id, safe='')}")).json()
        assert (read["text"], read["title"], read["id"]) == (document.text, document.title, document.id)
    markup, plain = documents["markup.md"], documents["plain.txt"]
    assert (markup.id, markup.title) == ("<b>id", TITLE)
    assert SCRIPT in markup.text and LINK in markup.text and BEACON in markup.text
    assert SCRIPT in plain.text and LINK in plain.text and BEACON in plain.text
    assert len(documents["long.txt"].text) > 1_000_000


def test_no_document_can_turn_the_text_around_it(documents: dict[str, Document]) -> None:
    assert not any(re.search("[\u202a-\u202e\u2066-\u2069]", document.text) for document in documents.values())


def test_passages_are_found_and_read_as_they_are(client: TestClient, documents: dict[str, Document]) -> None:
    for query in (QUESTION, "ignore your instructions", "<script>", "javascript:alert(1)", "x" * 4000, TURNED):
        reply = check(client.post("/v1/search", json={"query": query, "k": 50})).json()
        assert reply["query"] == query
        for hit in reply["hits"]:
            passage = hit["passage"]
            document = next(d for d in documents.values() if d.id == passage["document_id"])
            assert passage["text"] == document.text[passage["start"] : passage["end"]]
        for hit in reply["hits"][:3]:
            assert check(client.get(f"/v1/passages/{hit['passage']['id']}")).json() == hit["passage"]


def test_an_answer_is_the_same_data_whole_and_streamed(client: TestClient) -> None:
    body = {"question": QUESTION}
    whole = check(client.post("/v1/chat", json=body)).json()
    reply = check(client.post("/v1/chat", json=body, headers={"Accept": "text/event-stream"}), "text/event-stream")
    events = events_of(reply)
    names = [name for name, _ in events]
    assert names[-1] == "answer" and "error" not in names
    streamed = events[-1][1]
    for changing in ("id", "timings_ms", "usage"):
        del whole[changing], streamed[changing]
    assert streamed == whole
    assert whole["question"] == QUESTION
    assert SCRIPT in whole["text"]
    assert "".join(data["text"] for name, data in events if name == "token").strip() == ANSWER.strip()
    assert whole["status"] == "answered" and whole["citations"], "the document still answers"


def test_citations_quote_hostile_documents_exactly(client: TestClient, documents: dict[str, Document]) -> None:
    citations = client.post("/v1/chat", json={"question": QUESTION}).json()["citations"]
    assert citations
    for citation in citations:
        document = next(d for d in documents.values() if d.id == citation["document"]["id"])
        assert citation["quote"] == document.text[citation["start"] : citation["end"]]
        assert citation["document"]["title"] == document.title


def test_an_export_is_a_file_with_a_name_of_ours(client: TestClient) -> None:
    for title in HOSTILE_TEXT:
        export = f"/v1/conversations/{conversation_of(client, title)}/export"
        for form, media_type in (("json", "application/json"), ("markdown", "text/markdown")):
            reply = check(client.get(export, params={"format": form}), media_type)
            assert re.fullmatch(r'attachment; filename="[\w.-]+"', reply.headers["Content-Disposition"])


def test_an_export_in_json_has_everything_as_it_is(client: TestClient) -> None:
    for title in HOSTILE_TEXT:
        conversation = conversation_of(client, title)
        exported = check(client.get(f"/v1/conversations/{conversation}/export?format=json")).json()
        assert exported == check(client.get(f"/v1/conversations/{conversation}")).json()
        assert (exported["title"], exported["turns"][0]["question"]) == (title, QUESTION)


def test_an_export_in_markdown_loads_links_and_hides_nothing(client: TestClient) -> None:
    reply = client.get(f"/v1/conversations/{conversation_of(client, TITLE)}/export")
    html = MarkdownIt("commonmark", {"html": True}).render(reply.text)
    assert re.search(r"<(?!/?(?:h1|h2|p|em|ol|ul|li)\b)\w+", html.replace("<br />", "")) is None
    assert "onerror" in html and "javascript:alert(1)" in html, "it is there to read"


def test_what_a_caller_sends_comes_back_as_data(client: TestClient) -> None:
    for text in HOSTILE_TEXT:
        made = check(client.post("/v1/conversations", json={"title": text})).json()
        assert check(client.get(f"/v1/conversations/{made['id']}")).json()["title"] == text
        unknown = check(client.get(f"/v1/documents/{quote(text, safe='')}"), "application/problem+json")
        assert unknown.status_code == 404
        invalid = check(client.post("/v1/search", json={"query": "a", text: text}), "application/problem+json")
        assert invalid.status_code == 422


@pytest.mark.parametrize("header", ["Authorization", "X-Request-Id", "Accept-Language", "Origin", "Accept"])
def test_no_request_header_comes_back_where_it_could_do_harm(client: TestClient, header: str) -> None:
    sent = b'<script>alert(1)</script>"; a=b\xff'
    reply = client.get("/v1/documents", headers=[(header.encode(), sent)])
    assert not any(b"<script>" in value for _, value in reply.headers.raw)
    assert "<script>alert" not in client.get(f"/nothing/{quote('<script>')}").headers.get("Content-Type", "")


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=80))
def test_any_title_is_kept(client: TestClient, title: str) -> None:
    assert check(client.post("/v1/conversations", json={"title": title})).json()["title"] == title


def conversation_of(client: TestClient, title: str) -> str:
    """Make a conversation with one answered turn and return its id."""
    conversation: str = client.post("/v1/conversations", json={"title": title}).json()["id"]
    asked = client.post("/v1/chat", json={"question": QUESTION, "conversation_id": conversation})
    assert asked.status_code == 200, asked.text
    assert re.fullmatch("[0-9a-f]{32}", asked.headers["X-Conversation-Id"])
    return conversation


def events_of(reply: Response) -> list[tuple[str, dict[str, Any]]]:
    """Return name and data of the events of a stream."""
    events, name = [], ""
    for line in re.split("\r\n|\n|\r", reply.text):
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            events.append((name, json.loads(value)))
    return events
