"""While nobody chats, the model reads its rules and the passages, so that the next question is answered sooner."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain

import structlog

from rag import Assistant, TokenStream
from rag.answering.reading_ahead import read_ahead, read_rules_ahead
from rag.errors import ModelError
from rag.generation.base import ReadsAhead
from server.admission import Admission

# Somebody who reads an answer is about to ask again.
_QUIET_S = 10.0
_LOOK_S = 0.05

log = structlog.get_logger("pincite.idle_reading")


class IdleReading:
    """Reads the passages of the assistant that serves, one after the other, and gives way when a chat comes.

    Args:
        serving: returns the assistant that serves now, None while there is none.
        admission: knows whether a chat runs.
        quiet_s: seconds without a chat before anything is read.
    """

    def __init__(
        self, serving: Callable[[], Assistant | None], admission: Admission, quiet_s: float = _QUIET_S
    ) -> None:
        self._serving = serving
        self._admission = admission
        self._quiet_s = quiet_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to wait for a quiet time; returns at once."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop reading."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        finished = ""
        while True:
            await self._quiet()
            assistant = self._serving()
            if assistant is None or assistant.snapshot.id == finished:
                await asyncio.sleep(self._quiet_s)
            elif await self._read(assistant):
                finished = assistant.snapshot.id

    async def _quiet(self) -> None:
        while (left := self._quiet_s - self._admission.idle_s) > 0:
            await asyncio.sleep(left)

    async def _read(self, assistant: Assistant) -> bool:
        """Read what ``assistant`` answers from; False where another one serves before that is done."""
        texts = _texts_of(assistant)
        count = 0
        try:
            while (stream := await asyncio.to_thread(next, texts, None)) is not None:
                await self._finish(stream)
                count += 1
                await self._quiet()
                if self._serving() is not assistant:
                    return False
        except ModelError as error:
            log.warning("reading ahead ended", reason=error.message)
        log.info("read ahead", snapshot=assistant.snapshot.id, texts=count)
        return True

    async def _finish(self, stream: TokenStream) -> None:
        """Let ``stream`` run to its end, or until a chat comes."""
        reading = asyncio.create_task(asyncio.to_thread(deque, stream, 0))
        try:
            while not reading.done():
                await asyncio.wait([reading], timeout=_LOOK_S)
                if self._admission.running:
                    stream.cancel()
        finally:
            stream.cancel()
        await reading


def _texts_of(assistant: Assistant) -> Iterator[TokenStream]:
    generator = assistant.generator
    if not isinstance(generator, ReadsAhead):
        return iter(())
    return chain(read_rules_ahead(generator), read_ahead(assistant.snapshot, generator))
