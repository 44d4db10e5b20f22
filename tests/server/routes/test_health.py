from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag import Assistant, Settings
from rag.errors import ModelError
from server.app import create_app
from tests.server.stand_ins import BASE_URL, PEER, QUESTION, wait_until


def test_the_process_is_alive(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_ready_server_names_what_serves(client: TestClient) -> None:
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert (ready.json()["model"], ready.json()["embedder"], ready.json()["documents"]) == ("paced", "bag-of-words", 2)
    assert len(ready.json()["snapshot"]) == 64


def test_a_server_that_could_not_load_lives_and_says_why(settings: Settings) -> None:
    def fail(_: Settings) -> Assistant:
        raise ModelError("The model is missing.", "Run: pincite models fetch")

    with TestClient(create_app(settings, fail), base_url=BASE_URL, client=PEER) as client:
        wait_until(lambda: client.get("/readyz").json()["state"] == "failed")
        reply = client.get("/readyz")
        assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")
        assert "The model is missing. Run: pincite models fetch" in reply.json()["detail"]
        assert client.get("/healthz").status_code == 200
        for method, path, body in (
            ("POST", "/v1/chat", {"question": QUESTION}),
            ("POST", "/v1/search", {"query": "x"}),
            ("GET", "/v1/documents", None),
        ):
            assert client.request(method, path, json=body).status_code == 503


def test_metrics_count_what_happened(client: TestClient) -> None:
    client.post("/v1/chat", json={"question": QUESTION})
    client.get("/v1/documents/apple")
    metrics = client.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    for line in (
        'pincite_requests_total{method="POST",route="/v1/chat",status="200"} 1.0',
        'pincite_requests_total{method="GET",route="/v1/documents/{document_id}",status="200"} 1.0',
        'pincite_chats_total{outcome="answered"} 1.0',
        'pincite_chats_total{outcome="cancelled"} 0.0',
        'pincite_tokens_total{kind="completion"} 15.0',
        'pincite_verdicts_total{verdict="supported"} 2.0',
        "pincite_first_token_seconds_count 1.0",
        "pincite_queue_wait_seconds_count 1.0",
        "pincite_queue_length 0.0",
    ):
        assert line in metrics.text.splitlines()


def test_each_application_has_metrics_of_its_own(
    app_of: Callable[..., FastAPI], serve: Callable[..., TestClient]
) -> None:
    one, other = serve(app_of()), serve(app_of())
    one.post("/v1/chat", json={"question": QUESTION})
    assert 'pincite_chats_total{outcome="answered"} 0.0' in other.get("/metrics").text
