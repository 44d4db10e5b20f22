"""A client that goes away before it got its reply."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx


def leave_when(condition: Callable[[], object], url: str, body: object) -> None:
    """Post ``body`` to ``url``, and close the connection as soon as ``condition`` holds."""
    asyncio.run(_leave_when(condition, url, body))


async def _leave_when(condition: Callable[[], object], url: str, body: object) -> None:
    async with httpx.AsyncClient(timeout=30) as client, asyncio.timeout(30):
        asking = asyncio.create_task(client.post(url, json=body))
        while not condition():
            assert not asking.done(), "it was replied to"
            await asyncio.sleep(0.02)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
