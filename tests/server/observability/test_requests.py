from __future__ import annotations

from collections.abc import Callable

import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag import Settings
from server.observability.metrics import Metrics
from server.observability.requests import RequestLog
from tests.server.stand_ins import QUESTION


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def watched(metrics: Metrics) -> TestClient:
    app = FastAPI()
    app.add_middleware(RequestLog, metrics=metrics)

    @app.get("/things/{name}")
    async def thing(name: str) -> str:
        if name == "bad":
            raise ZeroDivisionError
        return name

    return TestClient(app, raise_server_exceptions=False)


def test_a_request_is_one_line_without_its_query(watched: TestClient) -> None:
    with structlog.testing.capture_logs() as logs:
        watched.get("/things/1?q=secret")
    (line,) = logs
    assert dict(line) | {"seconds": 0} == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/things/1",
        "status": 200,
        "seconds": 0,
    }


def test_requests_are_counted_by_route_not_by_path(watched: TestClient, metrics: Metrics) -> None:
    for path in ("/things/1", "/things/2", "/things/bad", "/elsewhere/7"):
        watched.get(path)
    watched.request("BREW", "/things/1")
    lines = metrics.render().decode().splitlines()
    for line in (
        'pincite_requests_total{method="GET",route="/things/{name}",status="200"} 2.0',
        'pincite_requests_total{method="GET",route="/things/{name}",status="500"} 1.0',
        'pincite_requests_total{method="GET",route="none",status="404"} 1.0',
        'pincite_request_seconds_count{route="/things/{name}"} 4.0',
    ):
        assert line in lines
    assert not any("BREW" in line or "elsewhere" in line for line in lines)


@pytest.mark.parametrize("wanted", [False, True])
def test_questions_are_in_the_log_only_where_the_settings_ask(
    wanted: bool,
    settings: Settings,
    with_server: Callable[..., Settings],
    app_of: Callable[..., FastAPI],
    serve: Callable[..., TestClient],
) -> None:
    client = serve(app_of(with_server(settings, log_questions=wanted)))
    with structlog.testing.capture_logs() as logs:
        client.post("/v1/chat", json={"question": QUESTION})
        client.post("/v1/search", json={"query": QUESTION})
        client.get("/v1/documents", params={"q": QUESTION})
    assert len(logs) >= 4
    assert ("Why did Apple" in repr(logs)) == wanted
