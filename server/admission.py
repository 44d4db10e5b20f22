"""Who may generate now: a few at once, some more in a queue, the rest turned away at once."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque

_FIRST_GUESS_S = 10.0
_LONGEST_RETRY_S = 120
# How much the last run counts in the running mean.
_WEIGHT = 0.3


class QueueFull(Exception):  # noqa: N818 - reads as what happened
    """All slots and all places in the queue are taken. ``retry_after`` are the seconds after which to try again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"retry after {retry_after} s")
        self.retry_after = retry_after


class Closed(Exception):  # noqa: N818 - reads as what happened
    """Nobody is admitted any more."""


class Ticket:
    """A place in the queue, later a slot. Whoever holds one leaves in the end, however it ends."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission
        self._called = asyncio.Event()
        self._since: float | None = None
        self._left = False

    async def wait(self) -> None:
        """Wait for a slot.

        Raises:
            Closed: there will be none.
        """
        await self._called.wait()
        if self._since is None:
            raise Closed

    def leave(self) -> None:
        """Give up the place or the slot. Calling it twice is fine."""
        if not self._left:
            self._left = True
            self._admission._take_back(self)

    def _call(self) -> None:
        self._since = time.monotonic()
        self._called.set()


class Admission:
    """``slots`` run, ``places`` wait, first come first served. Belongs to one event loop."""

    def __init__(self, slots: int, places: int) -> None:
        self._slots = slots
        self._places = places
        self._waiting: deque[Ticket] = deque()
        self._running: set[Ticket] = set()
        self._mean_s = _FIRST_GUESS_S
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._idle_since = time.monotonic()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """How many have a slot."""
        return len(self._running)

    @property
    def idle_s(self) -> float:
        """Seconds since the last one left; 0 while somebody has a slot."""
        return 0.0 if self._running else time.monotonic() - self._idle_since

    def enter(self) -> Ticket:
        """Take a slot, or a place in the queue.

        Raises:
            QueueFull: neither is free.
            Closed: nobody is admitted any more.
        """
        if self._closed:
            raise Closed
        ticket = Ticket(self)
        if len(self._running) < self._slots:
            self._give_slot(ticket)
        elif len(self._waiting) < self._places:
            self._waiting.append(ticket)
        else:
            raise QueueFull(self._retry_after())
        return ticket

    def close(self) -> None:
        """Admit nobody any more, and send home those who wait."""
        self._closed = True
        while self._waiting:
            self._waiting.popleft()._called.set()

    async def idle(self) -> None:
        """Wait until nobody has a slot."""
        await self._idle.wait()

    def _give_slot(self, ticket: Ticket) -> None:
        self._running.add(ticket)
        self._idle.clear()
        ticket._call()

    def _take_back(self, ticket: Ticket) -> None:
        if ticket not in self._running:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
            return
        self._running.discard(ticket)
        self._mean_s += _WEIGHT * (time.monotonic() - (ticket._since or 0.0) - self._mean_s)
        if self._waiting:
            self._give_slot(self._waiting.popleft())
        if not self._running:
            self._idle_since = time.monotonic()
            self._idle.set()

    def _retry_after(self) -> int:
        rounds = (len(self._waiting) + 1) / self._slots
        return max(1, min(_LONGEST_RETRY_S, math.ceil(self._mean_s * rounds / 2)))
