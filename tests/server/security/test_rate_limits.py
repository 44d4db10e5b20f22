from __future__ import annotations

import time

import pytest

from rag.settings import ServerSettings
from server.problems import Problem
from server.security.rate_limits import RateLimits

SETTINGS = ServerSettings(requests_per_minute=3, failed_keys_per_minute=2)


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    limits = RateLimits(SETTINGS)
    for _ in range(3):
        limits.count_request("key a")
    with pytest.raises(Problem) as refused:
        limits.count_request("key a")
    assert (refused.value.status, refused.value.slug) == (429, "rate-limited")
    assert 1 <= int(refused.value.headers["Retry-After"]) <= 60


def test_callers_do_not_use_up_each_others_share() -> None:
    limits = RateLimits(SETTINGS)
    for caller in ("key a", "key b", "address 10.0.0.1"):
        for _ in range(3):
            limits.count_request(caller)


def test_the_window_moves_on(monkeypatch: pytest.MonkeyPatch) -> None:
    limits, now = RateLimits(SETTINGS), time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    for _ in range(3):
        limits.count_request("key a")
    monkeypatch.setattr(time, "time", lambda: now + 61)
    limits.count_request("key a")


def test_only_wrong_keys_are_counted_as_wrong_keys() -> None:
    limits = RateLimits(SETTINGS)
    for _ in range(10):
        limits.check_wrong_keys("10.0.0.1")
    limits.count_wrong_key("10.0.0.1")
    limits.check_wrong_keys("10.0.0.1")
    limits.count_wrong_key("10.0.0.1")
    with pytest.raises(Problem) as refused:
        limits.check_wrong_keys("10.0.0.1")
    assert refused.value.slug == "rate-limited"
    limits.check_wrong_keys("10.0.0.2")


def test_callers_who_went_quiet_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    started = now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    limits = RateLimits(SETTINGS, clock=lambda: now)
    for n in range(500):
        limits.count_request(f"address {n}")
    deadline = time.monotonic() + 10
    while len(limits._storage.events) > 1 and time.monotonic() < deadline:
        now += 61  # the storage empties its lists in a thread of its own
        limits.count_request("address 0")
        time.sleep(0.05)
    assert len(limits._storage.events) <= 1
    assert now > started
