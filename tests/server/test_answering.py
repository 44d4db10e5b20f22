"""The flow of a turn, with stores in memory: what is stored when, also when things go wrong."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

import pytest

from rag import Answer, Assistant, Settings
from server.answering import identify_turn, turn_events
from server.chat_events import ChatStatus, ChatToken
from server.engine import Engine
from server.problems import Problem
from server.schemas import ChatRequest
from server.store.database import Database, database_url, open_database
from tests.server.stand_ins import QUESTION

OWNER, OTHER = "local", "someone else"
AssistantOf = Callable[..., Assistant]


@asynccontextmanager
async def house(settings: Settings, assistant: Assistant) -> AsyncIterator[tuple[Engine, Database]]:
    database = open_database(database_url(settings))
    database.migrate()
    engine = Engine(settings, lambda *_: assistant)
    await engine.start()
    await engine.settle()
    try:
        yield engine, database
    finally:
        await engine.stop()
        database.close()


def turn_of(conversation: str, question: str = QUESTION, **more: str) -> ChatRequest:
    return identify_turn(ChatRequest(question=question, conversation_id=conversation, **more))


async def answer_of(request: ChatRequest, engine: Engine, database: Database, owner: str = OWNER) -> Answer:
    async with aclosing(turn_events(request, owner, engine, database)) as events:
        *_, last = [event async for event in events]
    assert isinstance(last, Answer)
    return last


def test_a_turn_of_a_conversation_gets_an_id_and_a_lone_question_none() -> None:
    assert len(turn_of("0" * 32).turn_id or "") == 32
    assert turn_of("0" * 32, turn_id="1" * 32).turn_id == "1" * 32
    assert identify_turn(ChatRequest(question=QUESTION)).turn_id is None


def test_the_answer_is_stored_before_it_is_sent(settings: Settings, assistant_of: AssistantOf) -> None:
    async def scene() -> None:
        async with house(settings, assistant_of()) as (engine, database):
            conversation = database.conversations.create(OWNER).id
            async with aclosing(turn_events(turn_of(conversation), OWNER, engine, database)) as events:
                async for event in events:
                    stored = database.conversations.get(OWNER, conversation)
                    assert stored is not None
                    kept = stored.turns[0].answer
                    if not isinstance(event, Answer):
                        assert kept is None
                        continue
                    assert kept == event
                    assert database.answers.get(OWNER, event.id) == event

    asyncio.run(scene())


def test_an_answer_outside_conversations_is_kept_too(settings: Settings, assistant_of: AssistantOf) -> None:
    async def scene() -> None:
        async with house(settings, assistant_of()) as (engine, database):
            answer = await answer_of(ChatRequest(question=QUESTION), engine, database)
            assert database.answers.get(OWNER, answer.id) == answer
            assert database.answers.get(OTHER, answer.id) is None

    asyncio.run(scene())


def test_an_answer_that_was_stopped_leaves_its_question_and_can_be_asked_again(
    settings: Settings, assistant_of: AssistantOf
) -> None:
    async def scene() -> None:
        async with house(settings, assistant_of()) as (engine, database):
            conversation = database.conversations.create(OWNER).id
            request = turn_of(conversation)
            async with aclosing(turn_events(request, OWNER, engine, database)) as events:
                async for event in events:
                    if isinstance(event, ChatToken):
                        break
            stopped = database.conversations.get(OWNER, conversation)
            assert stopped is not None
            assert [(turn.question, turn.answer) for turn in stopped.turns] == [(QUESTION, None)]
            answer = await answer_of(request, engine, database)
            again = database.conversations.get(OWNER, conversation)
            assert again is not None
            assert [turn.answer for turn in again.turns] == [answer]

    asyncio.run(scene())


def test_two_retries_at_once_are_one_turn(settings: Settings, assistant_of: AssistantOf) -> None:
    async def scene() -> None:
        async with house(settings, assistant_of(delay=0.01)) as (engine, database):
            conversation = database.conversations.create(OWNER).id
            request = turn_of(conversation)
            await asyncio.gather(*(answer_of(request, engine, database) for _ in range(3)))
            stored = database.conversations.get(OWNER, conversation)
            assert stored is not None
            assert len(stored.turns) == 1
            assert (await answer_of(request, engine, database)) == stored.turns[0].answer

    asyncio.run(scene())


def test_a_conversation_of_another_owner_is_not_there(settings: Settings, assistant_of: AssistantOf) -> None:
    async def scene() -> None:
        async with house(settings, assistant_of()) as (engine, database):
            conversation = database.conversations.create(OTHER).id
            with pytest.raises(Problem) as refused:
                await answer_of(turn_of(conversation), engine, database)
            assert refused.value.status == 404

    asyncio.run(scene())


def test_a_conversation_deleted_while_the_question_waits_is_not_found(
    settings: Settings, assistant_of: AssistantOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with house(settings, assistant_of()) as (engine, database):
            conversation = database.conversations.create(OWNER).id
            get = database.conversations.get

            def get_and_lose(owner: str, conversation_id: str) -> object:
                found = get(owner, conversation_id)
                database.conversations.delete(owner, conversation_id)
                return found

            monkeypatch.setattr(database.conversations, "get", get_and_lose)
            with pytest.raises(Problem) as refused:
                await answer_of(turn_of(conversation), engine, database)
            assert refused.value.status == 404

    asyncio.run(scene())


def test_history_ends_before_the_turn_that_is_replaced(settings: Settings, assistant_of: AssistantOf) -> None:
    async def scene() -> None:
        assistant = assistant_of()
        async with house(settings, assistant) as (engine, database):
            conversation = database.conversations.create(OWNER).id
            await answer_of(turn_of(conversation), engine, database)
            second = turn_of(conversation, "Why not DeepSeek?", turn_id=uuid.uuid4().hex)
            await answer_of(second, engine, database)
            await answer_of(turn_of(conversation, "and Huawei?", replace_turn=second.turn_id or ""), engine, database)
            rewriting = assistant.generator.asked[-2]  # type: ignore[attr-defined]
            assert QUESTION in rewriting[-1].content
            assert "DeepSeek?" not in rewriting[-1].content
            stored = database.conversations.get(OWNER, conversation)
            assert stored is not None
            assert [turn.question for turn in stored.turns] == [QUESTION, "and Huawei?"]

    asyncio.run(scene())


def test_the_first_event_comes_before_the_slot(settings: Settings, assistant_of: AssistantOf) -> None:
    async def scene() -> None:
        async with house(settings, assistant_of(prefill=60.0)) as (engine, database):
            slots = settings.generation.parallel_slots
            running = [engine.stream(QUESTION) for _ in range(slots)]
            events = turn_events(ChatRequest(question=QUESTION), OWNER, engine, database)
            assert await anext(events) == ChatStatus(step="rewriting", standalone_question=None)
            await events.aclose()
            for stream in running:
                await stream.aclose()

    asyncio.run(scene())
