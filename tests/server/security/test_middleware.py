from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from fastapi.testclient import TestClient

Guarded: TypeAlias = Callable[..., TestClient]
NOTES = "https://notes.example"
PREFLIGHT = {
    "Origin": NOTES,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}


def test_by_default_no_other_origin_may_read(guarded: Guarded) -> None:
    client = guarded()
    assert "Access-Control-Allow-Origin" not in client.get("/v1/who", headers={"Origin": NOTES}).headers
    preflight = client.options("/v1/who", headers=PREFLIGHT)
    assert preflight.status_code == 405
    assert "Access-Control-Allow-Origin" not in preflight.headers


def test_an_origin_can_be_opened_without_credentials(guarded: Guarded) -> None:
    client = guarded(cors_origins=(NOTES,))
    preflight = client.options("/v1/who", headers=PREFLIGHT)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == NOTES
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    reply = client.post("/v1/who", headers={"Origin": NOTES, "Sec-Fetch-Site": "cross-site"})
    assert reply.status_code == 200
    assert reply.headers["Access-Control-Allow-Origin"] == NOTES
    assert "Retry-After" in reply.headers["Access-Control-Expose-Headers"]


def test_the_others_stay_out(guarded: Guarded) -> None:
    client = guarded(cors_origins=(NOTES,))
    assert client.options("/v1/who", headers=PREFLIGHT | {"Origin": "https://evil.example"}).status_code == 400
    reply = client.get("/v1/who", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_an_opened_origin_is_told_why_it_was_refused(guarded: Guarded) -> None:
    client = guarded(cors_origins=(NOTES,), host="0.0.0.0")
    refused = client.get("/v1/who", headers={"Origin": NOTES})
    assert refused.status_code == 401
    assert refused.headers["Access-Control-Allow-Origin"] == NOTES
