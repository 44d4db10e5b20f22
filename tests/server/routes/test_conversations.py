from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag import Answer
from server.store.base import LOCAL_OWNER, Conversation
from server.store.database import Database

_URL = "/v1/conversations"


@pytest.fixture
def database(client: TestClient) -> Database:
    """The database of the server."""
    opened: Database = client.app.state.database  # type: ignore[attr-defined]
    return opened


@pytest.fixture
def stored(database: Database, answer: Callable[..., Answer]) -> Conversation:
    """A conversation with an answered and an unfinished turn."""
    conversation = database.conversations.create(LOCAL_OWNER)
    for question in ("Why did Apple choose Alibaba?", "And then?"):
        database.conversations.begin_turn(LOCAL_OWNER, conversation.id, uuid.uuid4().hex, question)
    found = database.conversations.get(LOCAL_OWNER, conversation.id)
    assert found is not None
    database.conversations.finish_turn(found.turns[0].id, answer())
    found = database.conversations.get(LOCAL_OWNER, conversation.id)
    assert found is not None
    return found


def _slug(problem: dict[str, str]) -> str:
    return problem["type"].removeprefix("urn:pincite:problem:")


def _assert_not_there(client: TestClient, url: str) -> None:
    rename = client.patch(url, json={"title": "x"})
    for reply in (client.get(url), rename, client.delete(url), client.get(f"{url}/export")):
        assert (reply.status_code, _slug(reply.json())) == (404, "not-found")


def test_from_creation_to_deletion(client: TestClient) -> None:
    created = client.post(_URL, json={"title": "Partners"})
    assert created.status_code == 201
    summary = created.json()
    assert summary == {
        "id": summary["id"],
        "title": "Partners",
        "created": summary["created"],
        "updated": summary["created"],
        "turns": 0,
    }
    url = f"{_URL}/{summary['id']}"
    assert client.get(_URL).json() == {"conversations": [summary], "next": None}
    assert client.patch(url, json={"title": "伙伴"}).status_code == 204
    assert client.get(url).json()["title"] == "伙伴"
    assert client.delete(url).status_code == 204
    assert client.get(_URL).json()["conversations"] == []
    _assert_not_there(client, url)


def test_a_conversation_is_read_with_its_answers(client: TestClient, stored: Conversation) -> None:
    read = client.get(f"{_URL}/{stored.id}").json()
    assert read["title"] == "Why did Apple choose Alibaba?"
    assert [turn["question"] for turn in read["turns"]] == ["Why did Apple choose Alibaba?", "And then?"]
    first, second = read["turns"]
    assert stored.turns[0].answer is not None
    assert first["answer"]["id"] == stored.turns[0].answer.id
    assert first["answer"]["citations"][0]["quote"] == stored.turns[0].answer.citations[0].quote
    assert (second["answer"], second["answered"]) == (None, None)


def test_a_long_list_is_read_in_pages(client: TestClient) -> None:
    made = [client.post(_URL, json={}).json()["id"] for _ in range(5)]
    read: list[str] = []
    page: dict[str, Any] = client.get(_URL, params={"limit": 2}).json()
    read += [summary["id"] for summary in page["conversations"]]
    while page["next"]:
        page = client.get(_URL, params={"limit": 2, "before": page["next"]}).json()
        read += [summary["id"] for summary in page["conversations"]]
    assert read == made[::-1]


def test_another_owners_conversation_is_not_there(client: TestClient, database: Database) -> None:
    other = database.conversations.create("other", "Theirs")
    url = f"{_URL}/{other.id}"
    assert client.get(_URL).json()["conversations"] == []
    _assert_not_there(client, url)
    assert database.conversations.get("other", other.id) is not None


@pytest.mark.parametrize(
    "body", [{"title": "x" * 201}, {"title": 1}, {"title": None}, {"name": "x"}, [], {"title": "x", "owner": "other"}]
)
def test_what_is_no_conversation_is_turned_away(client: TestClient, body: object) -> None:
    reply = client.post(_URL, json=body)
    assert (reply.status_code, _slug(reply.json())) == (422, "invalid-request")
    assert client.get(_URL).json()["conversations"] == []


def test_text_that_no_database_can_keep_is_turned_away(client: TestClient) -> None:
    body = b'{"title": "\\ud800"}'
    assert client.post(_URL, content=body, headers={"Content-Type": "application/json"}).status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "before=yesterday",
        "before=2025-01-01T00:00:00",
        "before=0001-01-01T00:00:00%2B01:00",
    ],
)
def test_a_list_that_cannot_be_is_turned_away(client: TestClient, query: str) -> None:
    assert client.get(f"{_URL}?{query}").status_code == 422


def test_an_id_of_another_form_is_turned_away(client: TestClient) -> None:
    for bad in ("x", "A" * 32, "%00", "..%2f"):
        assert client.get(f"{_URL}/{bad}").status_code in (404, 422)


def test_the_markdown_export_is_a_file_with_footnotes(client: TestClient, stored: Conversation) -> None:
    reply = client.get(f"{_URL}/{stored.id}/export")
    assert reply.headers["content-type"] == "text/markdown; charset=utf-8"
    assert reply.headers["content-disposition"] == f'attachment; filename="conversation-{stored.id}.md"'
    assert "[^1]: Apple and Alibaba: “Apple chose Alibaba for its extensive consumer data.”" in reply.text
    assert reply.text.startswith("# Why did Apple choose Alibaba?\n")


def test_the_json_export_is_the_conversation(client: TestClient, stored: Conversation) -> None:
    reply = client.get(f"{_URL}/{stored.id}/export", params={"format": "json"})
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["content-disposition"].endswith('.json"')
    assert reply.json() == client.get(f"{_URL}/{stored.id}").json()


def test_there_is_no_other_export(client: TestClient, stored: Conversation) -> None:
    assert client.get(f"{_URL}/{stored.id}/export", params={"format": "pdf"}).status_code == 422


def test_titles_of_any_text_come_back_as_they_are(client: TestClient) -> None:
    title = "<script>alert(1)</script> ![x](https://evil.example/x.png) \u202e苹果"
    conversation = client.post(_URL, json={"title": title}).json()
    assert client.get(f"{_URL}/{conversation['id']}").json()["title"] == title
    exported = client.get(f"{_URL}/{conversation['id']}/export").text
    assert exported.startswith("# \\<script\\>alert(1)\\</script\\> \\!\\[x\\](https\\://evil\\.example/x\\.png) 苹果")
