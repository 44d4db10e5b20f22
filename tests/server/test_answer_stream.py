from __future__ import annotations

import asyncio
import gc
import time

import pytest

from rag import Concluded, Drafted, Found, Settings, Understood
from rag.errors import ModelError
from tests.server.engines import AssistantOf, read, running, scene, with_slots
from tests.server.stand_ins import ANSWER_TEXT, QUESTION


def test_events_come_from_the_thread_in_order(settings: Settings, assistant_of: AssistantOf) -> None:
    async def play() -> None:
        async with running(settings, assistant_of()) as engine:
            events = [event async for event in engine.stream(QUESTION)]
        kinds = [type(event) for event in events]
        assert kinds[:2] == [Understood, Found]
        assert Drafted in kinds
        assert kinds[-1] is Concluded
        assert "".join(event.text for event in events if isinstance(event, Drafted)) == ANSWER_TEXT

    scene(play)


def test_the_event_loop_is_free_while_the_model_is_read(settings: Settings, assistant_of: AssistantOf) -> None:
    async def play() -> None:
        async with running(settings, assistant_of(prefill=0.4)) as engine:
            reading = asyncio.create_task(read(engine))
            ticks = 0
            while not reading.done():
                await asyncio.sleep(0.01)
                ticks += 1
            assert ticks > 15

    scene(play)


@pytest.mark.parametrize("leave", ["close", "cancel", "drop"])
def test_leaving_stops_the_answer_within_a_second(leave: str, settings: Settings, assistant_of: AssistantOf) -> None:
    async def play() -> None:
        assistant = assistant_of(prefill=60.0)
        async with running(with_slots(settings, 1), assistant) as engine:
            events = engine.stream(QUESTION)
            assert isinstance(await anext(events), Understood)
            assert isinstance(await anext(events), Found)
            await asyncio.sleep(0.2)  # the model reads the prompt now
            assistant.generator.prefill = 0.0  # type: ignore[attr-defined]
            began = time.monotonic()
            match leave:
                case "close":
                    await events.aclose()
                case "cancel":
                    with pytest.raises(TimeoutError):
                        await asyncio.wait_for(anext(events), timeout=0.1)
                case "drop":
                    del events
            await read(engine)  # needs the one slot
            assert time.monotonic() - began < 1.0

    scene(play)


def test_a_stream_that_is_dropped_before_it_began_leaves_the_queue(
    settings: Settings, assistant_of: AssistantOf
) -> None:
    async def play() -> None:
        async with running(with_slots(settings, 1, queue=0), assistant_of()) as engine:
            engine.stream(QUESTION)
            gc.collect()
            await asyncio.sleep(0.05)
            assert await read(engine)

    scene(play)


def test_an_error_of_the_model_reaches_the_reader_and_frees_the_slot(
    settings: Settings, assistant_of: AssistantOf
) -> None:
    async def play() -> None:
        async with running(with_slots(settings, 1), assistant_of(error="Out of memory.")) as engine:
            for _ in range(2):
                with pytest.raises(ModelError, match="Out of memory"):
                    await read(engine)

    scene(play)
