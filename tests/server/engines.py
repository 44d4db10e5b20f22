"""Running engines, for tests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

from rag import Assistant, Concluded, Settings
from server.engine import Engine
from server.observability.metrics import Metrics
from tests.server.stand_ins import QUESTION

AssistantOf = Callable[..., Assistant]


@asynccontextmanager
async def running(settings: Settings, assistant: Assistant, metrics: Metrics | None = None) -> AsyncIterator[Engine]:
    engine = Engine(settings, lambda *_: assistant, metrics)
    await engine.start()
    await engine.settle()
    try:
        yield engine
    finally:
        await engine.stop()


def scene(play: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(play(), timeout=120))


async def read(engine: Engine, question: str = QUESTION) -> str:
    async with aclosing(engine.stream(question)) as events:
        async for event in events:
            if isinstance(event, Concluded):
                return event.answer.text
    raise AssertionError("no conclusion")


def with_slots(settings: Settings, slots: int, queue: int = 16, grace_s: float = 20.0) -> Settings:
    return settings.model_copy(
        update={
            "generation": settings.generation.model_copy(update={"parallel_slots": slots}),
            "server": settings.server.model_copy(update={"queue_length": queue, "grace_s": grace_s}),
        }
    )
