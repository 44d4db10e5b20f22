from __future__ import annotations

import pytest
import structlog
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from server.observability.request_ids import RequestIds


@pytest.fixture
def echo() -> TestClient:
    app = FastAPI()
    app.add_middleware(RequestIds)

    @app.get("/")
    async def reply(request: Request) -> dict[str, str]:
        return {"seen": request.state.request_id, **structlog.contextvars.get_contextvars()}

    return TestClient(app)


def test_a_sane_id_is_taken_over(echo: TestClient) -> None:
    reply = echo.get("/", headers={"X-Request-ID": "trace-1.a_B"})
    assert reply.headers["x-request-id"] == "trace-1.a_B"
    assert reply.json() == {"seen": "trace-1.a_B", "request_id": "trace-1.a_B"}


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", '{"a":1}', "a/b"])
def test_another_is_replaced(given: str, echo: TestClient) -> None:
    made = echo.get("/", headers={"X-Request-ID": given}).headers["x-request-id"]
    assert made != given
    assert len(made) == 32


def test_every_request_has_its_own(echo: TestClient) -> None:
    assert echo.get("/").json()["seen"] != echo.get("/").json()["seen"]
