"""How often a caller may ask, and how many wrong keys an address may try."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from rag.settings import ServerSettings
from server.problems import Problem

_SWEEP_EVERY_S = 60.0


class RateLimits:
    """Counts requests and wrong keys over the last minute, in the memory of this process.

    Args:
        settings: the limits.
        clock: monotonic seconds.
    """

    def __init__(self, settings: ServerSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._requests = RateLimitItemPerMinute(settings.requests_per_minute, namespace="requests")
        self._wrong_keys = RateLimitItemPerMinute(settings.failed_keys_per_minute, namespace="wrong keys")
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._clock = clock
        self._next_sweep = clock() + _SWEEP_EVERY_S

    def count_request(self, caller: str) -> None:
        """Count a request of a key or an address.

        Raises:
            Problem: ``rate-limited``, when the caller has asked too often.
        """
        self._sweep()
        if not self._limiter.hit(self._requests, caller):
            raise self._problem(self._requests, caller)

    def check_wrong_keys(self, address: str) -> None:
        """Make sure that an address may try another key.

        Raises:
            Problem: ``rate-limited``, when it has tried too many wrong ones.
        """
        if not self._limiter.test(self._wrong_keys, address):
            raise self._problem(self._wrong_keys, address)

    def count_wrong_key(self, address: str) -> None:
        """Count a wrong key that came from an address."""
        self._sweep()
        self._limiter.hit(self._wrong_keys, address)

    def _problem(self, item: RateLimitItem, caller: str) -> Problem:
        wait = self._limiter.get_window_stats(item, caller).reset_time - time.time()
        return Problem(429, "rate-limited", headers={"Retry-After": str(max(1, math.ceil(wait)))})

    def _sweep(self) -> None:
        """Forget callers who have been quiet for a minute: the storage empties their lists, but keeps their names."""
        if self._clock() < self._next_sweep:
            return
        self._next_sweep = self._clock() + _SWEEP_EVERY_S
        for name in [name for name, entries in list(self._storage.events.items()) if not entries]:
            self._storage.clear(name)
