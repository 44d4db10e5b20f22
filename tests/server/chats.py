"""Chats over HTTP, for tests."""

from __future__ import annotations

import json
from typing import Any

import httpx
from fastapi.testclient import TestClient

from tests.server.stand_ins import QUESTION

STREAM = {"Accept": "text/event-stream"}
Event = tuple[str, str, Any]


def events_of(text: str) -> list[Event]:
    """The events of a stream: id, name, data."""
    events = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            events.append((fields["id"], fields["event"], json.loads(fields["data"])))
    return events


def ask(client: TestClient, **body: Any) -> httpx.Response:  # noqa: ANN401 - any JSON
    return client.post("/v1/chat", json={"question": QUESTION} | body)  # type: ignore[return-value]


def begin(client: TestClient) -> str:
    identity: str = client.post("/v1/conversations", json={}).json()["id"]
    return identity


def turns_of(client: TestClient, conversation: str) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = client.get(f"/v1/conversations/{conversation}").json()["turns"]
    return turns
