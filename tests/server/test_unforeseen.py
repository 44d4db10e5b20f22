from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import structlog
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from starlette.requests import ClientDisconnect

from server.unforeseen import Unforeseen


@pytest.fixture
def failing() -> TestClient:
    app = FastAPI()
    app.add_middleware(Unforeseen)

    @app.get("/before")
    async def before() -> None:
        raise ZeroDivisionError("a secret")

    @app.get("/gone")
    async def gone() -> None:
        raise ClientDisconnect

    @app.get("/during")
    async def during() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"one"
            raise ZeroDivisionError("a secret")

        return StreamingResponse(pieces())

    return TestClient(app)


def test_an_error_that_nobody_foresaw_is_a_problem_and_in_the_log_alone(failing: TestClient) -> None:
    with structlog.testing.capture_logs() as logs:
        reply = failing.get("/before")
    assert reply.status_code == 500
    assert reply.json()["type"] == "urn:pincite:problem:internal"
    assert "secret" not in reply.text
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("unforeseen error", "error")]


def test_a_reply_that_has_begun_breaks_off(failing: TestClient) -> None:
    with structlog.testing.capture_logs() as logs, pytest.raises(ZeroDivisionError):
        failing.get("/during")
    assert len(logs) == 1


def test_a_client_that_went_away_is_no_error(failing: TestClient) -> None:
    with structlog.testing.capture_logs() as logs:
        assert failing.get("/gone").status_code == 499
    assert logs == []
