from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from server.security.access import presented_key
from server.security.sessions import COOKIE

if TYPE_CHECKING:
    from tests.server.security.conftest import MemoryKeys

Guarded: TypeAlias = Callable[..., TestClient]
OPEN = {"host": "0.0.0.0", "base_url": "http://pincite.example", "peer": "10.0.0.7"}
CHAT = frozenset({"chat"})


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def signed_in(client: TestClient, key_id: str) -> TestClient:
    client.cookies.set(COOKIE, client.app.state.gate.sessions.begin(key_id))  # type: ignore[attr-defined]
    return client


def test_on_loopback_nobody_needs_a_key(guarded: Guarded) -> None:
    assert guarded().get("/v1/who").json() == {"id": "local", "scopes": ["admin", "chat", "search"]}


def test_on_loopback_it_stays_so_when_a_key_is_made(guarded: Guarded, keys: MemoryKeys) -> None:
    keys.create("ann", CHAT)
    assert guarded().get("/v1/who").json()["id"] == "local"


def test_on_loopback_a_key_shown_must_be_valid_once_there_are_keys(guarded: Guarded, keys: MemoryKeys) -> None:
    client = guarded()
    assert client.get("/v1/who", headers=bearer("whatever")).json()["id"] == "local"
    key = keys.create("ann", CHAT)
    assert client.get("/v1/who", headers=bearer("whatever")).status_code == 401
    assert client.get("/v1/who", headers=bearer(key)).json() == {"id": "ann", "scopes": ["chat"]}


def test_on_loopback_what_came_through_a_proxy_needs_a_key(guarded: Guarded, keys: MemoryKeys) -> None:
    client = guarded()
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert client.get("/v1/who", headers={header: "127.0.0.1"}).status_code == 401
    key = keys.create("ann", CHAT)
    assert client.get("/v1/who", headers={"X-Forwarded-For": "10.0.0.7", **bearer(key)}).json()["id"] == "ann"


def test_a_peer_from_the_network_needs_a_key_whatever_the_settings_say(guarded: Guarded) -> None:
    assert guarded(peer="10.0.0.7").get("/v1/who").status_code == 401


def test_beyond_loopback_a_key_is_needed(guarded: Guarded, keys: MemoryKeys) -> None:
    key = keys.create("ann", CHAT)
    client = guarded(**OPEN)
    refused = client.get("/v1/who")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert client.get("/v1/who", headers=bearer(key)).json()["id"] == "ann"
    assert client.get("/v1/who", headers={"X-API-Key": key}).json()["id"] == "ann"
    assert client.get("/v1/who", headers={"Authorization": f"bearer  {key}"}).json()["id"] == "ann"
    assert guarded(**OPEN | {"peer": "127.0.0.1"}).get("/v1/who").status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer pk_ann_wrong", "Basic YW5uOmFubg==", "pk_ann_secret"])
def test_a_wrong_key_is_turned_away(guarded: Guarded, keys: MemoryKeys, header: str) -> None:
    keys.create("ann", CHAT)
    assert guarded(**OPEN).get("/v1/who", headers={"Authorization": header}).status_code == 401


def test_a_wrong_key_is_not_made_up_for_by_a_cookie(guarded: Guarded, keys: MemoryKeys) -> None:
    keys.create("ann", CHAT)
    client = signed_in(guarded(**OPEN), "ann")
    assert client.get("/v1/who").json()["id"] == "ann"
    assert client.get("/v1/who", headers=bearer("pk_ann_wrong")).status_code == 401


def test_a_session_ends_with_its_key(guarded: Guarded, keys: MemoryKeys) -> None:
    keys.create("ann", CHAT)
    keys.revoke("ann")
    assert signed_in(guarded(**OPEN), "ann").get("/v1/who").status_code == 401


def test_on_loopback_a_session_that_is_over_is_as_good_as_none(guarded: Guarded) -> None:
    assert signed_in(guarded(), "nobody").get("/v1/who").json()["id"] == "local"


def test_a_scope_that_is_missing_is_forbidden(guarded: Guarded, keys: MemoryKeys) -> None:
    client = guarded(**OPEN)
    assert client.get("/v1/chat", headers=bearer(keys.create("ann", CHAT))).json() == "ann"
    refused = client.get("/v1/chat", headers=bearer(keys.create("bob", frozenset({"search", "admin"}))))
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:pincite:problem:forbidden"
    assert refused.json()["scope"] == "chat"


def test_a_right_key_is_hashed_once(guarded: Guarded, keys: MemoryKeys) -> None:
    key, client = keys.create("ann", CHAT), guarded(**OPEN)
    assert [client.get("/v1/who", headers=bearer(key)).status_code for _ in range(10)] == [200] * 10
    assert keys.verifications == 1


def test_wrong_keys_are_limited_for_each_address(guarded: Guarded, keys: MemoryKeys) -> None:
    key, client = keys.create("ann", CHAT), guarded(**OPEN, failed_keys_per_minute=3)
    assert client.get("/v1/who", headers=bearer(key)).status_code == 200
    tried = [client.get("/v1/who", headers=bearer(f"pk_ann_wrong{n}")) for n in range(5)]
    assert [reply.status_code for reply in tried] == [401, 401, 401, 429, 429]
    assert int(tried[-1].headers["Retry-After"]) >= 1
    assert keys.verifications == 4
    assert client.get("/v1/who", headers=bearer(key)).status_code == 200, "a key in use goes on working"
    assert client.get("/v1/who", headers={"X-Forwarded-For": "1.2.3.4", **bearer("pk_ann_no")}).status_code == 429


def test_a_burst_gets_no_more_attempts(guarded: Guarded, keys: MemoryKeys) -> None:
    keys.create("ann", CHAT)
    client = guarded(**OPEN, failed_keys_per_minute=3)
    gate = client.app.state.gate  # type: ignore[attr-defined]

    async def burst() -> None:
        request = client.build_request("GET", "/")
        scope = {"type": "http", "client": ("10.0.0.7", 1), "headers": request.headers.raw}
        attempts = [gate.verify(f"pk_ann_wrong{n}", HTTPConnection(scope)) for n in range(20)]
        assert all(isinstance(e, Exception) for e in await asyncio.gather(*attempts, return_exceptions=True))

    asyncio.run(burst())
    assert keys.verifications == 3


def test_requests_are_limited_for_each_key_and_for_each_address_without_one(guarded: Guarded, keys: MemoryKeys) -> None:
    client = guarded(**OPEN, requests_per_minute=2)
    ann, bob = bearer(keys.create("ann", CHAT)), bearer(keys.create("bob", CHAT))
    assert [client.get("/v1/who", headers=ann).status_code for _ in range(3)] == [200, 200, 429]
    assert [client.get("/v1/who", headers=bob).status_code for _ in range(3)] == [200, 200, 429]
    assert [client.get("/v1/who").status_code for _ in range(3)] == [401, 401, 429]


def test_a_route_with_a_scope_counts_a_request_once(guarded: Guarded) -> None:
    client = guarded(requests_per_minute=2)
    assert [client.get("/v1/chat").status_code for _ in range(3)] == [200, 200, 429]


def test_the_openapi_document_names_the_three_ways_in(guarded: Guarded) -> None:
    document = guarded().get("/openapi.json").json()
    assert set(document["components"]["securitySchemes"]) == {"bearer", "header", "session"}
    operation = document["paths"]["/v1/chat"]["get"]
    assert {name for way in operation["security"] for name in way} == {"bearer", "header", "session"}


@given(st.text(st.characters(max_codepoint=255), max_size=80))
def test_no_authorization_is_too_odd(value: str) -> None:
    headers = Headers({"authorization": value})
    assert (presented_key(headers) is not None) == (value.split(" ", maxsplit=1)[0].lower() == "bearer")
