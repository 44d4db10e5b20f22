from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag import Settings
from tests.server.stand_ins import QUESTION


def test_every_reply_carries_its_request_id_also_a_problem(client: TestClient) -> None:
    for path in ("/healthz", "/", "/nowhere", "/v1/documents/none"):
        reply = client.get(path, headers={"X-Request-ID": "abc-1"})
        assert reply.headers["x-request-id"] == "abc-1"
        if reply.status_code == 404:
            assert reply.json()["request_id"] == "abc-1"


def test_every_reply_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/healthz", "/", "/nowhere"):
        assert "default-src 'none'" in client.get(path).headers["content-security-policy"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nowhere", 404), ("GET", "/v1/chat", 405), ("DELETE", "/v1/search", 405), ("POST", "/nowhere", 404)],
)
def test_what_is_not_offered_is_a_problem(method: str, path: str, status: int, client: TestClient) -> None:
    reply = client.request(method, path)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert ("allow" in reply.headers) == (status == 405)


def test_a_body_over_the_limit_is_turned_away_before_it_is_read(
    settings: Settings,
    with_server: Callable[..., Settings],
    app_of: Callable[..., FastAPI],
    serve: Callable[..., TestClient],
) -> None:
    client = serve(app_of(with_server(settings, max_body_kb=1)))
    reply = client.post("/v1/chat", json={"question": QUESTION, "padding": "x" * 2000})
    assert (reply.status_code, reply.json()["limit_kb"]) == (413, 1)


def test_a_form_is_turned_away(client: TestClient) -> None:
    assert client.post("/v1/chat", data={"question": QUESTION}).status_code == 415


def test_an_unforeseen_error_is_a_problem_with_all_headers(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.routes.passages.Problem", None)
    reply = client.get("/v1/passages/none")
    assert (reply.status_code, reply.json()["type"]) == (500, "urn:pincite:problem:internal")
    assert reply.headers["x-request-id"] == reply.json()["request_id"]
    assert "content-security-policy" in reply.headers


def test_no_page_fetches_scripts_from_elsewhere(client: TestClient) -> None:
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert client.get(path).status_code == 404


def test_the_description_is_served_and_needs_no_key(client: TestClient) -> None:
    assert json.loads(client.get("/openapi.json").content)["info"]["title"] == "Pincite"
