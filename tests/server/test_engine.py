from __future__ import annotations

import asyncio
import time

import pytest

from rag import Assistant, Found, Message, Settings, Understood
from rag.errors import SnapshotError
from server.engine import Engine
from server.problems import Problem
from tests.server.engines import AssistantOf, read, running, scene, with_slots
from tests.server.stand_ins import QUESTION


def test_as_many_run_as_there_are_slots_the_rest_waits_its_turn(settings: Settings, assistant_of: AssistantOf) -> None:
    async def play() -> None:
        assistant = assistant_of(delay=0.02)
        async with running(with_slots(settings, 2), assistant) as engine:
            order: list[int] = []

            async def chat(number: int) -> None:
                await read(engine)
                order.append(number)

            began = time.monotonic()
            await asyncio.gather(*(chat(number) for number in range(6)))
            assert time.monotonic() - began > 3 * 0.02 * 14
            assert [number // 2 for number in order] == [0, 0, 1, 1, 2, 2]

    scene(play)


def test_beyond_the_queue_is_a_problem_at_once(settings: Settings, assistant_of: AssistantOf) -> None:
    async def play() -> None:
        async with running(with_slots(settings, 1, queue=1), assistant_of(prefill=60.0)) as engine:
            first, second = engine.stream(QUESTION), engine.stream(QUESTION)
            began = time.monotonic()
            with pytest.raises(Problem) as full:
                engine.stream(QUESTION)
            assert time.monotonic() - began < 0.1
            assert (full.value.status, full.value.slug) == (429, "queue-full")
            assert int(full.value.headers["Retry-After"]) >= 1
            await second.aclose()
            third = engine.stream(QUESTION)  # the place in the queue is free again
            await first.aclose()
            await third.aclose()

    scene(play)


@pytest.mark.parametrize(("question", "slug"), [("  ?!", "question-empty"), ("why " * 2000, "question-too-long")])
def test_a_question_that_cannot_be_taken_is_a_problem(
    question: str, slug: str, settings: Settings, assistant_of: AssistantOf
) -> None:
    async def play() -> None:
        async with running(settings, assistant_of()) as engine:
            with pytest.raises(Problem) as refused:
                await read(engine, question)
            assert (refused.value.status, refused.value.slug) == (422, slug)

    scene(play)


def test_history_and_filters_reach_the_assistant(settings: Settings, assistant_of: AssistantOf) -> None:
    async def play() -> None:
        async with running(settings, assistant_of()) as engine:
            history = [Message("user", "Why Alibaba?"), Message("assistant", "For its data.[1]")]
            events = [event async for event in engine.stream("and Huawei?", history, {"topic": "regulation"})]
            assert events[0] == Understood("How did Huawei's smartphone sales change?")
            found = next(event for event in events if isinstance(event, Found))
            assert {hit.passage.document_id for hit in found.hits} == {"zh-guize"}

    scene(play)


def test_while_it_loads_and_when_it_stopped_there_is_a_problem(settings: Settings, assistant_of: AssistantOf) -> None:
    async def play() -> None:
        engine = Engine(settings, lambda *_: assistant_of())
        with pytest.raises(Problem) as loading:
            engine.stream(QUESTION)
        assert (loading.value.status, loading.value.slug) == (503, "not-ready")
        assert loading.value.extra["state"] == "loading"
        await engine.start()
        await engine.settle()
        assert engine.state.status == "ready"
        await engine.stop()
        with pytest.raises(Problem) as stopped:
            engine.stream(QUESTION)
        assert stopped.value.extra["state"] == "stopping"

    scene(play)


def test_a_load_that_fails_says_why(settings: Settings) -> None:
    def fail(_: Settings) -> Assistant:
        raise SnapshotError("There is no index.", "Run `pincite index`.")

    async def play() -> None:
        engine = Engine(settings, fail)
        await engine.start()
        await engine.settle()
        assert (engine.state.status, engine.state.detail) == ("failed", "There is no index. Run `pincite index`.")
        await engine.stop()

    scene(play)


def test_stopping_lets_a_running_answer_end_and_sends_a_waiting_one_home(
    settings: Settings, assistant_of: AssistantOf
) -> None:
    async def play() -> None:
        assistant = assistant_of(delay=0.03)
        async with running(with_slots(settings, 1), assistant) as engine:
            first, second = asyncio.create_task(read(engine)), asyncio.create_task(read(engine))
            await asyncio.sleep(0.1)
            await engine.stop()
            assert "Alibaba" in await first
            with pytest.raises(Problem) as refused:
                await second
            assert refused.value.slug == "not-ready"
            assert assistant.generator.closed  # type: ignore[attr-defined]

    scene(play)


def test_stopping_cancels_what_outlasts_the_grace_time(settings: Settings, assistant_of: AssistantOf) -> None:
    async def play() -> None:
        async with running(with_slots(settings, 1, grace_s=0.2), assistant_of(prefill=60.0)) as engine:
            reading = asyncio.create_task(read(engine))
            await asyncio.sleep(0.1)
            began = time.monotonic()
            await engine.stop()
            assert time.monotonic() - began < 1.5
            with pytest.raises(Problem) as refused:
                await reading
            assert refused.value.slug == "not-ready"

    scene(play)
