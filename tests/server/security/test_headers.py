from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeAlias

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from starlette.types import Message

from server.security.headers import CONTENT_SECURITY_POLICY, SecurityHeaders

Guarded: TypeAlias = Callable[..., TestClient]


@pytest.mark.parametrize("path", ["/v1/who", "/nothing", "/openapi.json"])
def test_every_reply_carries_the_headers(guarded: Guarded, path: str) -> None:
    headers = guarded().get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


def test_refusals_carry_the_headers_too(guarded: Guarded) -> None:
    refused = guarded().post("/v1/who", headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert refused.headers["X-Content-Type-Options"] == "nosniff"
    assert refused.headers["Cache-Control"] == "no-store"


def test_the_policy_allows_nothing_inline_and_no_other_site() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'; ")


def test_the_api_is_not_cached_and_the_rest_may_be(guarded: Guarded) -> None:
    assert guarded().get("/v1/who").headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in guarded().get("/openapi.json").headers


def test_a_stream_stays_a_stream() -> None:
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    sent: list[bytes] = []
    asked_for_more = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.wait_for(asked_for_more.wait(), 5)
        yield b"second"

    @app.get("/v1/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(pieces())

    async def send(message: Message) -> None:
        if body := message.get("body"):
            sent.append(body)
            asked_for_more.set()

    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    scope = {"type": "http", "method": "GET", "path": "/v1/stream", "headers": [], "query_string": b""}
    asyncio.run(app(scope, receive, send))
    assert sent == [b"first", b"second"]
