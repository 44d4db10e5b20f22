from __future__ import annotations

import asyncio

import pytest
from fastapi import Request
from starlette.requests import ClientDisconnect
from starlette.types import Message

from server.disconnects import while_connected


def request_of(*messages: Message) -> Request:
    """A request whose client sends ``messages`` and then nothing more."""
    coming = list(messages)

    async def receive() -> Message:
        if coming:
            return coming.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    return Request({"type": "http", "method": "POST", "path": "/", "headers": []}, receive)


def test_work_that_ends_gives_its_result() -> None:
    async def work() -> int:
        await asyncio.sleep(0.01)
        return 7

    assert asyncio.run(while_connected(request_of({"type": "http.request"}), work())) == 7


def test_work_that_fails_gives_its_error() -> None:
    async def work() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(while_connected(request_of(), work()))


def test_work_ends_when_the_client_goes_away() -> None:
    ended = False

    async def work() -> None:
        nonlocal ended
        try:
            await asyncio.sleep(60)
        finally:
            ended = True

    with pytest.raises(ClientDisconnect):
        asyncio.run(while_connected(request_of({"type": "http.disconnect"}), work()))
    assert ended
