from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest
from fastapi.testclient import TestClient

from server.security.sessions import COOKIE

if TYPE_CHECKING:
    from tests.server.security.conftest import MemoryKeys

Guarded: TypeAlias = Callable[..., TestClient]
HERE = "http://127.0.0.1:8000"
CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:9000"},
    {"Origin": "http://127.0.0.1:8000.evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://[broken"},
]
OWN = [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": HERE}]


@pytest.mark.parametrize("headers", CROSS_SITE)
def test_a_page_of_another_site_changes_nothing_even_where_no_key_is_needed(
    guarded: Guarded, headers: dict[str, str]
) -> None:
    refused = guarded().post("/v1/who", headers=headers)
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:pincite:problem:csrf"
    assert refused.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("headers", [*OWN, {}])
def test_the_own_page_and_programs_may_change_things(guarded: Guarded, headers: dict[str, str]) -> None:
    assert guarded().post("/v1/who", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", [*CROSS_SITE, {}])
def test_what_carries_the_cookie_must_come_from_the_own_page(
    guarded: Guarded, keys: MemoryKeys, headers: dict[str, str]
) -> None:
    keys.create("ann", frozenset())
    assert _signed_in(guarded).post("/v1/who", headers=headers).status_code == 403


@pytest.mark.parametrize("headers", OWN)
def test_the_own_page_may_use_the_cookie(guarded: Guarded, keys: MemoryKeys, headers: dict[str, str]) -> None:
    keys.create("ann", frozenset())
    assert _signed_in(guarded).post("/v1/who", headers=headers).json()["id"] == "ann"


@pytest.mark.parametrize("headers", [*CROSS_SITE, {}])
def test_a_key_in_a_header_may_come_from_anywhere(guarded: Guarded, keys: MemoryKeys, headers: dict[str, str]) -> None:
    key = keys.create("ann", frozenset())
    assert _signed_in(guarded).post("/v1/who", headers={"X-API-Key": key, **headers}).json()["id"] == "ann"


@pytest.mark.parametrize("headers", CROSS_SITE)
def test_reading_is_left_to_the_rules_of_the_browser(guarded: Guarded, headers: dict[str, str]) -> None:
    assert guarded().get("/v1/who", headers=headers).status_code == 200


def test_basic_credentials_are_no_key_since_browsers_send_them_by_themselves(guarded: Guarded) -> None:
    headers = {"Authorization": "Basic YTpi", "Sec-Fetch-Site": "cross-site"}
    assert guarded().post("/v1/who", headers=headers).status_code == 403


def test_an_origin_that_was_opened_may_change_things_but_not_with_the_cookie(
    guarded: Guarded, keys: MemoryKeys
) -> None:
    keys.create("ann", frozenset())
    opened = {"Origin": "https://notes.example", "Sec-Fetch-Site": "cross-site"}
    origins = {"cors_origins": ("https://notes.example",)}
    assert guarded(**origins).post("/v1/who", headers=opened).status_code == 200
    assert guarded(**origins).post("/v1/who", headers=opened | {"Origin": "https://e.example"}).status_code == 403
    assert _signed_in(guarded, **origins).post("/v1/who", headers=opened).status_code == 403


def _signed_in(guarded: Guarded, **settings: object) -> TestClient:
    client = guarded(**settings)
    client.cookies.set(COOKIE, client.app.state.gate.sessions.begin("ann"))  # type: ignore[attr-defined]
    return client
