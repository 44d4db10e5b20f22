from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.security.sessions import Sessions

if TYPE_CHECKING:
    from tests.server.security.conftest import Clock

SECRET = b"s" * 32


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(SECRET, hours=1, clock=clock)


def test_a_cookie_stands_for_its_key(sessions: Sessions) -> None:
    assert sessions.key_id(sessions.begin("abc")) == "abc"


def test_a_cookie_outlives_a_restart_with_the_same_secret(sessions: Sessions, clock: Clock) -> None:
    cookie = sessions.begin("abc")
    assert Sessions(SECRET, hours=1, clock=clock).key_id(cookie) == "abc"
    assert Sessions(b"t" * 32, hours=1, clock=clock).key_id(cookie) is None


def test_a_session_expires(sessions: Sessions, clock: Clock) -> None:
    cookie = sessions.begin("abc")
    clock.now += 3599
    assert sessions.key_id(cookie) == "abc"
    clock.now += 1
    assert sessions.key_id(cookie) is None


def test_a_session_that_was_ended_stays_ended_and_the_others_go_on(sessions: Sessions) -> None:
    ended, other = sessions.begin("abc"), sessions.begin("abc")
    sessions.end(ended)
    sessions.end(ended)
    assert sessions.key_id(ended) is None
    assert sessions.key_id(other) == "abc"


def test_ended_sessions_are_forgotten_once_they_would_have_expired(sessions: Sessions, clock: Clock) -> None:
    for _ in range(10):
        sessions.end(sessions.begin("abc"))
    clock.now += 3600
    sessions.end(sessions.begin("abc"))
    assert len(sessions._ended) == 1


def test_no_change_to_a_cookie_is_accepted(sessions: Sessions) -> None:
    key_id, nonce, expires, signature = sessions.begin("abc").split(".")
    forged = [
        ("abd", nonce, expires, signature),
        (key_id, nonce[::-1], expires, signature),
        (key_id, nonce, str(int(expires) + 1), signature),
        (key_id, nonce, expires, signature[::-1]),
        (key_id, nonce, expires, ""),
        (key_id, nonce, expires),
    ]
    assert all(sessions.key_id(".".join(parts)) is None for parts in forged)


@given(st.none() | st.text(st.characters(max_codepoint=255), max_size=200))
def test_what_is_no_cookie_is_nobody(cookie: str | None) -> None:
    sessions = Sessions(SECRET, hours=1)
    sessions.end(cookie)
    assert sessions.key_id(cookie) is None
