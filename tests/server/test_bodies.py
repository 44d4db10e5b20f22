from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from server import problems
from server.bodies import BodyRules

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def echo() -> TestClient:
    app = FastAPI()
    problems.install(app)
    app.add_middleware(BodyRules, limit_kb=1)

    @app.post("/")
    async def reply(body: dict[str, Any] | None = None) -> dict[str, Any]:
        return body or {}

    return TestClient(app)


def chunks(size: int) -> Iterator[bytes]:
    yield b'{"text": "'
    for _ in range(size // 64):
        yield b"x" * 64
    yield b'"}'


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/merge-patch+json"]
)
def test_json_within_the_limit_is_taken(kind: str, echo: TestClient) -> None:
    assert echo.post("/", content='{"a": 1}', headers={"Content-Type": kind}).json() == {"a": 1}
    assert echo.post("/", content=chunks(512), headers=JSON).status_code == 200


def test_no_body_needs_no_type(echo: TestClient) -> None:
    assert echo.post("/").json() == {}


@pytest.mark.parametrize("body", [b"x" * 1025, chunks(2048)], ids=["told", "chunked"])
def test_a_larger_body_is_turned_away(body: bytes | Iterator[bytes], echo: TestClient) -> None:
    reply = echo.post("/", content=body, headers=JSON)
    assert reply.status_code == 413
    assert reply.json()["type"] == "urn:pincite:problem:body-too-large"
    assert reply.json()["limit_kb"] == 1


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"])
def test_another_type_is_turned_away(kind: str, echo: TestClient) -> None:
    for body in (b'{"a": 1}', chunks(128)):
        reply = echo.post("/", content=body, headers={"Content-Type": kind} if kind else {})
        assert reply.status_code == 415
        assert reply.json()["type"] == "urn:pincite:problem:unsupported-media-type"


@pytest.mark.parametrize("body", [b"{", b"[" * 900, b"\xff\xfe", b'{"a": ' + b"9" * 900 + b"}", b"[]", b"null x"])
def test_what_is_no_json_object_is_invalid_and_nothing_worse(body: bytes, echo: TestClient) -> None:
    reply = echo.post("/", content=body, headers=JSON)
    assert reply.status_code in (200, 422)
