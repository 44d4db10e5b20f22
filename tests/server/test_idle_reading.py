from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import get_args

from rag import Assistant, Message
from rag.domain import Usage
from rag.errors import ModelError
from rag.generation.base import ReadsAhead
from rag.generation.prompting import PromptName
from server.admission import Admission
from server.idle_reading import IdleReading
from tests.server.engines import AssistantOf, scene
from tests.server.stand_ins import PacedGenerator


class Reading:
    """A passage being read, until ``go_on`` is set or it is called off."""

    usage = Usage()

    def __init__(self, go_on: threading.Event) -> None:
        self._go_on = go_on
        self.cancelled = False

    def __iter__(self) -> Iterator[str]:
        while not self.cancelled and not self._go_on.wait(0.005):
            pass
        return iter(())

    def cancel(self) -> None:
        self.cancelled = True


class ReadingGenerator(PacedGenerator):
    """A generator with room for ``room`` passages."""

    def __init__(self, *, room: int = 100, fails: bool = False) -> None:
        super().__init__()
        self.room = room
        self.fails = fails
        self.openings: list[str] = []
        self.streams_ahead: list[Reading] = []
        self.go_on = threading.Event()

    def read_ahead(self, messages: Sequence[Message], opening: str) -> Reading | None:
        if self.fails:
            raise ModelError("The generator is closed.", "Open it again.")
        if len(self.openings) == self.room:
            return None
        self.openings.append(opening)
        self.streams_ahead.append(Reading(self.go_on))
        return self.streams_ahead[-1]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def test_a_reading_generator_is_one() -> None:
    assert isinstance(ReadingGenerator(), ReadsAhead)
    assert not isinstance(PacedGenerator(), ReadsAhead)


def test_passages_are_read_in_a_quiet_time_and_give_way_to_a_chat(assistant_of: AssistantOf) -> None:
    async def play() -> None:
        generator = ReadingGenerator()
        assistant = assistant_of().with_generator(generator)
        admission = Admission(1, 1)
        idle = IdleReading(lambda: assistant, admission, quiet_s=0.1)
        ticket = admission.enter()
        idle.start()
        await asyncio.sleep(0.3)
        assert generator.openings == []
        ticket.leave()
        await until(lambda: len(generator.openings) == 1)
        ticket = admission.enter()
        await until(lambda: generator.streams_ahead[0].cancelled)
        await asyncio.sleep(0.3)
        assert len(generator.openings) == 1
        generator.go_on.set()
        ticket.leave()
        passages = assistant.snapshot.manifest.passages
        await until(lambda: len([opening for opening in generator.openings if opening]) == passages > 1)
        await asyncio.sleep(0.3)
        rules, read = generator.openings[:-passages], generator.openings[-passages:]
        assert all(opening.startswith(("Sources:\n[", "资料：\n[")) for opening in read)  # each once
        assert len(rules) == 2 * len(get_args(PromptName))
        assert not any(rules)
        await idle.stop()

    scene(play)


def test_it_ends_without_room_and_when_the_server_stops(assistant_of: AssistantOf) -> None:
    async def play() -> None:
        generator = ReadingGenerator(room=1)
        assistant = assistant_of().with_generator(generator)
        idle = IdleReading(lambda: assistant, Admission(1, 1), quiet_s=0.01)
        idle.start()
        await until(lambda: len(generator.streams_ahead) == 1)
        await asyncio.sleep(0.1)
        await idle.stop()
        assert generator.streams_ahead[0].cancelled
        assert len(generator.openings) == 1

    scene(play)


def test_another_assistant_is_read_for_as_well_and_a_failure_ends_nothing_else(assistant_of: AssistantOf) -> None:
    async def play() -> None:
        broken, plain, reading = ReadingGenerator(fails=True), PacedGenerator(), ReadingGenerator()
        reading.go_on.set()
        serving: list[Assistant | None] = [None]
        idle = IdleReading(lambda: serving[0], Admission(1, 1), quiet_s=0.01)
        idle.start()
        for generator in (plain, broken, reading):
            serving[0] = _of_another_snapshot(assistant_of().with_generator(generator), str(generator))
            await asyncio.sleep(0.1)
        await until(lambda: len(reading.openings) > 1)
        await idle.stop()

    scene(play)


def _of_another_snapshot(assistant: Assistant, identity: str) -> Assistant:
    assistant.snapshot = replace(assistant.snapshot, id=identity)
    return assistant
