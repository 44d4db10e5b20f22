"""Chats over a real socket: clients that go away, and what goes on beside an answer."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

from rag.settings import Settings
from tests.server.chats import STREAM
from tests.server.stand_ins import QUESTION, wait_until


def metric(app: FastAPI, name: str) -> float:
    lines = app.state.metrics.render().decode().splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name))


def with_generation(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update={"generation": settings.generation.model_copy(update=changes)})


@pytest.mark.parametrize("headers", [{}, STREAM], ids=["whole", "streamed"])
def test_a_client_that_goes_away_stops_the_answer_within_a_second(
    headers: dict[str, str], settings: Settings, app_of: Callable[..., FastAPI], live: Callable[[FastAPI], str]
) -> None:
    app = app_of(with_generation(settings, parallel_slots=1), prefill=60.0)
    url = live(app)
    with contextlib.suppress(httpx.ReadTimeout), httpx.Client(timeout=0.5) as client:
        client.post(f"{url}/v1/chat", json={"question": QUESTION}, headers=headers)
    began = time.monotonic()
    wait_until(lambda: metric(app, "pincite_running_chats") == 0)
    assert time.monotonic() - began < 1.0
    assert metric(app, 'pincite_chats_total{outcome="cancelled"}') == 1


def test_a_full_queue_is_told_at_once_and_loses_nothing(
    settings: Settings,
    with_server: Callable[..., Settings],
    app_of: Callable[..., FastAPI],
    live: Callable[[FastAPI], str],
) -> None:
    narrow = with_server(with_generation(settings, parallel_slots=1), queue_length=0)
    url = live(app_of(narrow, delay=0.3))
    with httpx.Client(base_url=url, timeout=30) as client:
        conversation = client.post("/v1/conversations", json={}).json()["id"]
        body = {"question": QUESTION, "conversation_id": conversation}
        with client.stream("POST", "/v1/chat", json=body, headers=STREAM) as running:
            turn = running.headers["x-turn-id"]
            began = time.monotonic()
            refused = client.post("/v1/chat", json=body | {"replace_turn": turn}, headers=STREAM)
            assert time.monotonic() - began < 1.0
            assert refused.status_code == 429
            assert int(refused.headers["retry-after"]) >= 1
            for _ in running.iter_bytes():
                pass
        turns = client.get(f"/v1/conversations/{conversation}").json()["turns"]
        assert [turn["id"] for turn in turns if turn["answer"]] == [turn]


def test_searching_does_not_wait_for_an_answer(app_of: Callable[..., FastAPI], live: Callable[[FastAPI], str]) -> None:
    url = live(app_of(delay=0.3))
    with (
        httpx.Client(base_url=url, timeout=30) as client,
        client.stream("POST", "/v1/chat", json={"question": QUESTION}, headers=STREAM),
    ):
        began = time.monotonic()
        assert client.get("/v1/documents/apple").status_code == 200
        assert client.post("/v1/search", json={"query": "data"}).status_code == 200
        assert time.monotonic() - began < 1.0
