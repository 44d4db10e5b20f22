from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest
from fastapi.testclient import TestClient

Guarded: TypeAlias = Callable[..., TestClient]


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "LOCALHOST:1", "127.0.0.1:8000", "[::1]:8000", "[::1]"]
)
def test_this_machine_is_served_under_its_names(guarded: Guarded, host: str) -> None:
    assert guarded().get("/v1/who", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.7:8000", "", "::1"],
)
@pytest.mark.parametrize("path", ["/v1/who", "/openapi.json", "/nothing"])
def test_a_name_that_was_pointed_here_is_not_served(guarded: Guarded, host: str, path: str) -> None:
    refused = guarded().get(path, headers={"Host": host})
    assert refused.status_code == 421
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["X-Content-Type-Options"] == "nosniff"


def test_of_two_hosts_both_must_be_this_machine(guarded: Guarded) -> None:
    headers = [("Host", "localhost"), ("Host", "evil.example")]
    assert guarded().get("/v1/who", headers=headers).status_code == 421


def test_the_configured_host_is_served(guarded: Guarded) -> None:
    assert guarded(host="127.0.0.2").get("/v1/who", headers={"Host": "127.0.0.2:8000"}).status_code == 200


def test_beyond_loopback_any_name_is_served_and_keys_protect(guarded: Guarded) -> None:
    assert guarded(host="0.0.0.0").get("/v1/who", headers={"Host": "pincite.example"}).status_code == 401
