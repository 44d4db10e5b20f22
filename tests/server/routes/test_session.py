from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag.settings import Settings
from server.security.sessions import COOKIE
from server.store.database import Database, database_url, open_database

BESIDE_THE_PAGE = {"Sec-Fetch-Site": "same-origin"}
NOBODY = {"required": True, "signed_in": False, "name": ""}
Serve: TypeAlias = Callable[..., TestClient]
SCOPES = frozenset({"chat", "search"})


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The database of the server, as another process would open it."""
    database = open_database(database_url(settings))
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def open_server(
    settings: Settings, with_server: Callable[..., Settings], app_of: Callable[..., FastAPI], serve: Serve
) -> Serve:
    """Starts a server that others than this machine can reach: ``open_server(base_url=..., **server settings)``."""

    def start(base_url: str = "http://pincite.example", **changes: object) -> TestClient:
        return serve(app_of(with_server(settings, host="0.0.0.0", **changes)), base_url=base_url)

    return start


def test_a_key_entered_once_signs_a_browser_in(open_server: Serve, database: Database) -> None:
    client = open_server()
    assert client.get("/v1/session").json() == NOBODY
    assert client.get("/v1/conversations").status_code == 401
    signed_in = client.post("/v1/session", json={"key": database.keys.create("ann", SCOPES)}, headers=BESIDE_THE_PAGE)
    assert signed_in.status_code == 200
    assert signed_in.json() == {"required": True, "signed_in": True, "name": "ann"} == client.get("/v1/session").json()
    assert client.get("/v1/conversations").status_code == 200


def test_the_cookie_is_out_of_reach_and_holds_no_key(open_server: Serve, database: Database) -> None:
    key = database.keys.create("ann", SCOPES)
    cookie = open_server(session_hours=2).post("/v1/session", json={"key": f" {key}\n"}).headers["Set-Cookie"]
    name_and_value, *attributes = cookie.split("; ")
    assert name_and_value.startswith(f"{COOKIE}=")
    assert {attribute.lower() for attribute in attributes} == {"httponly", "max-age=7200", "path=/", "samesite=strict"}
    assert key not in cookie and key.rpartition("_")[2] not in cookie


@pytest.mark.parametrize(
    ("base_url", "setting", "secure"),
    [
        ("https://pincite.example", "auto", True), ("http://pincite.example", "auto", False),
        ("http://pincite.example", "always", True), ("https://pincite.example", "never", False),
    ],
)  # fmt: skip
def test_the_cookie_travels_over_https_alone_as_the_settings_say(
    open_server: Serve, database: Database, base_url: str, setting: str, secure: bool
) -> None:
    body = {"key": database.keys.create("ann", SCOPES)}
    reply = open_server(base_url, cookie_secure=setting).post("/v1/session", json=body)
    assert ("Secure" in reply.headers["Set-Cookie"]) is secure


def test_the_cookie_is_secure_behind_a_proxy_that_speaks_https(open_server: Serve, database: Database) -> None:
    body = {"key": database.keys.create("ann", SCOPES)}
    reply = open_server().post("/v1/session", json=body, headers={"Origin": "https://pincite.example"})
    assert "Secure" in reply.headers["Set-Cookie"]


def test_a_wrong_key_signs_nobody_in(open_server: Serve) -> None:
    client = open_server(failed_keys_per_minute=2)
    statuses = [client.post("/v1/session", json={"key": f"pk_{n}_no"}).status_code for n in range(3)]
    assert statuses == [401, 401, 429]
    assert client.get("/v1/session").json() == NOBODY
    assert not client.cookies


def test_signing_in_counts_as_a_request_of_the_key(open_server: Serve, database: Database) -> None:
    client, body = open_server(requests_per_minute=2), {"key": database.keys.create("ann", SCOPES)}
    replies = [client.post("/v1/session", json=body, headers=BESIDE_THE_PAGE) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 429]


def test_signing_out_ends_the_session_and_a_copy_of_its_cookie_too(open_server: Serve, database: Database) -> None:
    client = open_server()
    client.post("/v1/session", json={"key": database.keys.create("ann", SCOPES)})
    copy = client.cookies[COOKIE]
    assert client.delete("/v1/session").status_code == 403, "no page of this server asked for it"
    assert client.delete("/v1/session", headers=BESIDE_THE_PAGE).status_code == 204
    assert not client.cookies
    client.cookies.set(COOKIE, copy)
    assert client.get("/v1/session").json() == NOBODY
    assert client.delete("/v1/session", headers=BESIDE_THE_PAGE).status_code == 204


def test_signing_in_anew_ends_the_session_before(open_server: Serve, database: Database) -> None:
    client, body = open_server(), {"key": database.keys.create("ann", SCOPES)}
    client.post("/v1/session", json=body)
    before = client.cookies[COOKIE]
    client.post("/v1/session", json=body, headers=BESIDE_THE_PAGE)
    client.cookies.clear()
    client.cookies.set(COOKIE, before)
    assert client.get("/v1/session").json() == NOBODY


def test_a_session_outlives_a_restart_but_not_its_key(open_server: Serve, database: Database) -> None:
    first = open_server()
    first.post("/v1/session", json={"key": database.keys.create("ann", SCOPES)})
    second, third = open_server(), open_server()
    second.cookies.set(COOKIE, first.cookies[COOKIE])
    assert second.get("/v1/session").json()["name"] == "ann"
    database.keys.revoke("ann")
    third.cookies.set(COOKIE, first.cookies[COOKIE])
    assert third.get("/v1/session").json() == NOBODY


def test_the_page_of_another_site_can_sign_nobody_in(open_server: Serve, database: Database) -> None:
    body = {"key": database.keys.create("mallory", SCOPES)}
    refused = open_server().post("/v1/session", json=body, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert "Set-Cookie" not in refused.headers


def test_on_loopback_no_key_is_needed_and_one_may_be_used(client: TestClient, database: Database) -> None:
    assert client.get("/v1/session").json() == {"required": False, "signed_in": False, "name": ""}
    client.post("/v1/session", json={"key": database.keys.create("ann", SCOPES)})
    assert client.get("/v1/session").json() == {"required": False, "signed_in": True, "name": "ann"}


@pytest.mark.parametrize("body", [{}, {"key": ""}, {"key": 7}, {"key": "a" * 501}, {"key": "a", "other": 1}])
def test_other_bodies_are_turned_away(client: TestClient, body: dict[str, object]) -> None:
    refused = client.post("/v1/session", json=body)
    assert refused.status_code == 422
    assert "a" * 501 not in refused.text
