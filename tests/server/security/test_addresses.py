from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.security.addresses import caller_address, host_of, is_loopback, may_be_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "LOCALHOST", "::ffff:127.0.0.1"])
def test_these_listen_to_this_machine_alone(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.5", "example.com", "", "localhost.example.com", "fe80::1"]
)
def test_these_listen_to_others_too(host: str) -> None:
    assert not is_loopback(host)


def test_a_peer_over_the_network_is_not_on_this_machine() -> None:
    assert may_be_loopback("127.0.0.1") and may_be_loopback("::1") and may_be_loopback("")
    assert not may_be_loopback("10.0.0.7") and not may_be_loopback("2001:db8::1")


def test_the_addresses_of_one_ipv6_household_are_one_caller() -> None:
    assert caller_address("2001:db8:1:2::1") == caller_address("2001:db8:1:2:ffff::9")
    assert caller_address("2001:db8:1:2::1") != caller_address("2001:db8:1:3::1")


def test_an_ipv4_address_is_one_caller_in_either_notation() -> None:
    assert caller_address("::ffff:10.0.0.7") == caller_address("10.0.0.7") != caller_address("10.0.0.8")


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("localhost", "localhost"), ("LocalHost:8000", "localhost"), ("127.0.0.1:1", "127.0.0.1"), ("[::1]", "::1"),
        ("[::1]:8000", "::1"), ("evil.example:8000", "evil.example"), ("localhost:80:80", ""), ("::1", ""),
        ("localhost:", ""), ("localhost:8o", ""), ("", ""), ("localhost@evil.example", "localhost@evil.example"),
    ],
)  # fmt: skip
def test_the_host_of_a_header(header: str, host: str) -> None:
    assert host_of(header) == host


@given(st.text(max_size=60))
def test_no_header_is_too_odd(header: str) -> None:
    assert host_of(header) == host_of(header).lower()
    assert caller_address(header) is not None
