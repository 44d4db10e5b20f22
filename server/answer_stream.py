"""The events of one answer: made in a thread of its own, read on the event loop."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Generator
from typing import TypeAlias

from rag import Concluded, Event
from server.admission import Closed, Ticket
from server.cancelling import Cancellation, Cancelled
from server.observability.metrics import ChatWatch
from server.problems import Problem

Produce: TypeAlias = Callable[[Cancellation], Generator[Event, None, None]]
_Item: TypeAlias = Event | BaseException | None


class AnswerStream(AsyncIterator[Event]):
    """Waits for its slot, then yields events.

    Closing it, cancelling the task that reads it, or dropping it stops the answer; the slot is free when its thread has
    ended.
    """

    def __init__(self, ticket: Ticket, produce: Produce, cancellation: Cancellation, watch: ChatWatch) -> None:
        self._loop = asyncio.get_running_loop()
        self._ticket = ticket
        self._produce = produce
        self._cancellation = cancellation
        self._watch = watch
        self._items: asyncio.Queue[_Item] = asyncio.Queue()
        self._started = False
        self._ended = False

    async def __anext__(self) -> Event:
        """Return the next event.

        Raises:
            Problem: ``not-ready`` where the server stops before the answer has ended.
        """
        if self._ended:
            raise StopAsyncIteration
        try:
            if not self._started:
                await self._start()
            item = await self._items.get()
        except Closed:
            item = _stopping()
        except BaseException:
            self._abandon()
            raise
        if item is None or isinstance(item, BaseException):
            self._ended = True
            if item is not None:
                self._watch.failed()
            raise item or StopAsyncIteration
        self._ended = isinstance(item, Concluded)
        self._watch.saw(item)
        return item

    async def aclose(self) -> None:
        """Stop the answer if it has not ended."""
        self._abandon()

    def __del__(self) -> None:
        if not self._ended and not self._loop.is_closed():
            self._watch.cancelled()
            self._loop.call_soon_threadsafe(_stop, self._ticket, self._cancellation, self._started)

    async def _start(self) -> None:
        await self._ticket.wait()
        self._watch.admitted()
        self._started = True
        # The thread knows nothing of this object, so that dropping it is noticed.
        context = contextvars.copy_context()
        threading.Thread(
            target=context.run,
            args=(_run, self._produce, self._cancellation, self._ticket, self._items, self._loop),
            name="answer",
            daemon=True,
        ).start()

    def _abandon(self) -> None:
        if not self._ended:
            self._ended = True
            self._watch.cancelled()
            _stop(self._ticket, self._cancellation, self._started)


def _stopping() -> Problem:
    return Problem(503, "not-ready", headers={"Retry-After": "5"}, extra={"state": "stopping"})


def _stop(ticket: Ticket, cancellation: Cancellation, started: bool) -> None:
    cancellation.cancel()
    if not started:  # otherwise the thread leaves when it has ended
        ticket.leave()


def _run(
    produce: Produce,
    cancellation: Cancellation,
    ticket: Ticket,
    items: asyncio.Queue[_Item],
    loop: asyncio.AbstractEventLoop,
) -> None:
    def post(item: _Item) -> None:
        loop.call_soon_threadsafe(items.put_nowait, item)

    try:
        events = produce(cancellation)
        try:
            for event in events:
                cancellation.check()
                post(event)
        finally:
            events.close()
        post(None)
    except Cancelled:  # by the reader, who reads no more, or by a server that stops
        post(_stopping())
    except BaseException as error:  # whatever it is, the reader must get it
        post(error)
    finally:
        loop.call_soon_threadsafe(ticket.leave)
