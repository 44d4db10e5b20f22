"""A chat turn: history in, events out, the answer kept before the last event is sent."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from rag import Answer, Concluded, Message
from server.chat_events import ChatEvent, ChatStatus, events_to_tell
from server.documents import selected_by
from server.engine import Engine
from server.problems import Problem
from server.schemas import ChatRequest
from server.store.base import Conversation, Turn, TurnTaken, UnknownConversation
from server.store.database import Database


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a request asks for in view of what is stored: the history, and the answer where it was given before."""

    history: Sequence[Message]
    given: Answer | None = None


def identify_turn(request: ChatRequest) -> ChatRequest:
    """Return the request with an id for its turn where it belongs to a conversation."""
    if request.conversation_id and not request.turn_id:
        return request.model_copy(update={"turn_id": uuid.uuid4().hex})
    return request


async def turn_events(
    request: ChatRequest, owner: str, engine: Engine, database: Database
) -> AsyncGenerator[ChatEvent, None]:
    """Answer a request; the last event is its Answer, which is stored by then.

    A turn that was answered before gives that answer again. Leaving the iteration stops the answer.

    Raises:
        Problem: ``not-found``, ``conflict``, ``queue-full`` or ``not-ready`` before the first event; later also what is
            wrong with the question.
        ModelError: the generator failed.
    """
    plan = await run_in_threadpool(_plan, request, owner, database)
    if plan.given:
        yield plan.given
        return
    filters = await run_in_threadpool(selected_by, request, engine.assistant)
    async with aclosing(engine.stream(request.question, plan.history, filters)) as events:
        # In the queue by now: a request that finds no place in it changes nothing.
        await run_in_threadpool(_begin, request, owner, database)
        yield ChatStatus(step="rewriting", standalone_question=None)
        async for event in events:
            if isinstance(event, Concluded):
                await run_in_threadpool(_finish, request, owner, database, event.answer)
            for told in events_to_tell(event):
                yield told


def _plan(request: ChatRequest, owner: str, database: Database) -> _Plan:
    if not request.conversation_id:
        return _Plan([Message(message.role, message.content) for message in request.history])
    conversation = database.conversations.get(owner, request.conversation_id)
    if conversation is None:
        raise Problem(404, "not-found")
    for turn in conversation.turns:
        if turn.id == request.turn_id and turn.question != request.question:
            raise Problem(409, "conflict")
        if turn.id == request.turn_id and turn.answer:
            return _Plan((), turn.answer)
    return _Plan(_messages(_turns_before(conversation, request)))


def _turns_before(conversation: Conversation, request: ChatRequest) -> Sequence[Turn]:
    for place, turn in enumerate(conversation.turns):
        if turn.id in (request.replace_turn, request.turn_id):
            return conversation.turns[:place]
    return conversation.turns


def _messages(turns: Sequence[Turn]) -> list[Message]:
    answered = [(turn.question, turn.answer.text) for turn in turns if turn.answer]
    return [
        message
        for question, answer in answered
        for message in (Message("user", question), Message("assistant", answer))
    ]


def _begin(request: ChatRequest, owner: str, database: Database) -> None:
    if not (request.conversation_id and request.turn_id):
        return
    try:
        if request.replace_turn:
            database.conversations.drop_turns_from(owner, request.conversation_id, request.replace_turn)
        turn = database.conversations.begin_turn(owner, request.conversation_id, request.turn_id, request.question)
    except UnknownConversation as error:
        raise Problem(404, "not-found") from error
    except TurnTaken as error:
        raise Problem(409, "conflict") from error
    if turn.question != request.question:
        raise Problem(409, "conflict")


def _finish(request: ChatRequest, owner: str, database: Database, answer: Answer) -> None:
    if request.turn_id:
        database.conversations.finish_turn(request.turn_id, answer)
    else:
        database.answers.save(owner, answer)
