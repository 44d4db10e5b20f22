"""The engine: admits chats to the assistant and runs them off the event loop."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Callable, Generator, Sequence
from contextlib import closing

import structlog

from rag import Answer, Assistant, Concluded, Event, Message
from rag.domain import Metadata
from rag.errors import ModelError, QuestionError
from rag.settings import Settings
from server.admission import Admission, QueueFull
from server.answer_stream import AnswerStream
from server.cancelling import Cancellation, with_cancellation
from server.idle_reading import IdleReading
from server.loading import EngineState, Loader
from server.observability.metrics import ChatWatch, Metrics
from server.problems import Problem
from server.questions import question_problem

# A cancelled answer notices at the next token, or between two steps that do not generate.
_CANCEL_S = 5.0

log = structlog.get_logger("pincite.engine")


class Engine:
    """Loads the assistant in the background, admits chats, and runs each in a thread of its own.

    Args:
        settings: the settings of the installation.
        open_assistant: called with the settings, and when the index has changed also with the generator to keep.
        metrics: where chats are counted.
    """

    def __init__(
        self, settings: Settings, open_assistant: Callable[..., Assistant], metrics: Metrics | None = None
    ) -> None:
        self._settings = settings
        self._metrics = metrics or Metrics()
        self._loader = Loader(settings, open_assistant)
        self._admission = Admission(settings.generation.parallel_slots, settings.server.queue_length)
        self._metrics.watch_queue(lambda: self._admission.waiting, lambda: self._admission.running)
        self._idle_reading = IdleReading(self._serving, self._admission)
        self._cancellations: weakref.WeakSet[Cancellation] = weakref.WeakSet()

    async def start(self) -> None:
        """Begin to load; returns at once."""
        self._loader.start()
        if self._settings.server.read_ahead:
            self._idle_reading.start()

    async def settle(self) -> None:
        """Wait until the first attempt to load has ended, well or badly."""
        await self._loader.settled.wait()

    def drain(self) -> None:
        """Admit no chat any more, and send home those that wait."""
        self._loader.retire()
        self._admission.close()

    async def stop(self) -> None:
        """Let running chats end within the grace time, cancel the rest, and free the models."""
        self.drain()
        await self._idle_reading.stop()
        if not await self._idle_within(self._settings.server.grace_s):
            for cancellation in self._cancellations:
                cancellation.cancel()
            await self._idle_within(_CANCEL_S)
        await self._loader.close()

    @property
    def assistant(self) -> Assistant:
        """The assistant that serves. Keep it for as long as you use its snapshot.

        Raises:
            Problem: ``not-ready``, while it loads, when it could not be loaded, and when the server stops.
        """
        return self._loader.assistant

    def _serving(self) -> Assistant | None:
        try:
            return self.assistant
        except Problem:
            return None

    @property
    def state(self) -> EngineState:
        """What the engine is doing, and with what."""
        return self._loader.state

    def stream(self, question: str, history: Sequence[Message] = (), filters: Metadata | None = None) -> AnswerStream:
        """Enter the queue and return the events of the answer; close the stream, or drop it, to stop the answer.

        Raises:
            Problem: ``not-ready`` or ``queue-full`` here; ``question-empty`` and ``question-too-long`` as it is read.
            ModelError: the generator failed, as it is read.
        """
        _ = self.assistant  # nobody waits for what is not there
        try:
            ticket = self._admission.enter()
        except QueueFull as full:
            self._metrics.chats.labels("rejected").inc()
            raise Problem(429, "queue-full", headers={"Retry-After": str(full.retry_after)}) from full
        if self._settings.server.log_questions:
            log.info("asked", question=question)

        def produce(cancellation: Cancellation) -> Generator[Event, None, None]:
            return self._events(question, history, filters, cancellation)

        cancellation = Cancellation()
        self._cancellations.add(cancellation)
        return AnswerStream(ticket, produce, cancellation, ChatWatch(self._metrics))

    def _events(
        self, question: str, history: Sequence[Message], filters: Metadata | None, cancellation: Cancellation
    ) -> Generator[Event, None, None]:
        assistant = self.assistant  # the one that serves now, which may be newer than when the question came
        try:
            with closing(with_cancellation(assistant, cancellation).stream(question, history, filters)) as events:
                for event in events:
                    if isinstance(event, Concluded):
                        _log_answer(event.answer)
                    yield event
        except ModelError as error:
            log.error("the model failed", reason=error.message)
            raise
        except QuestionError as error:
            raise question_problem(question, self._settings) from error

    async def _idle_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._admission.idle()
        except TimeoutError:
            return False
        return True


def _log_answer(answer: Answer) -> None:
    log.info(
        "answered",
        answer=answer.id,
        status=answer.status,
        sentences=len(answer.sentences),
        tokens=answer.usage.completion_tokens,
        first_token_ms=answer.timings_ms.first_token,
        total_ms=answer.timings_ms.total,
    )
