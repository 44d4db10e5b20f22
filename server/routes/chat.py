"""``POST /v1/chat``: a question, answered whole or step by step."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import structlog
from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from rag.domain import Answer
from server.answering import identify_turn, turn_events
from server.chat_events import ChatEvent, ChatEvidence, ChatSentence, ChatStatus, ChatToken
from server.dependencies import ChatCaller, DatabaseDep, EngineDep, Language, SettingsDep
from server.disconnects import while_connected
from server.examples import ANSWER, shown, streamed_example
from server.negotiation import preferred_media_type
from server.problems import Problem, problem_body, problem_from, problem_responses
from server.questions import check_question
from server.schemas import ChatRequest, answer_json

JSON = "application/json"
EVENT_STREAM = "text/event-stream"
_NAMES: dict[type[BaseModel], str] = {
    ChatStatus: "status",
    ChatEvidence: "evidence",
    ChatToken: "token",
    ChatSentence: "sentence",
}
_REPLIES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The Answer; or, with `Accept: text/event-stream`, the events `status`, `evidence`, `token`, "
        "`sentence`, last `answer` (the same Answer) or `error` (a problem).",
        "headers": {name: {"schema": {"type": "string"}} for name in ("X-Conversation-Id", "X-Turn-Id")},
        "content": {
            **shown(ANSWER)[200]["content"],
            EVENT_STREAM: {"schema": {"type": "string"}, "example": streamed_example()},
        },
    }
}
_PROBLEMS = problem_responses(
    "invalid-request", "question-empty", "question-too-long", "unauthorized", "forbidden", "csrf", "not-found",
    "not-acceptable", "conflict", "body-too-large", "unsupported-media-type", "rate-limited", "queue-full",
    "model-failed", "not-ready", "internal",
)  # fmt: skip

router = APIRouter(tags=["chat"])
log = structlog.get_logger("pincite.chat")


@router.post("/v1/chat", summary="Ask a question", response_model=Answer, responses=_REPLIES | _PROBLEMS)
async def chat(  # noqa: PLR0913, PLR0917 - a dependency each
    body: ChatRequest,
    request: Request,
    caller: ChatCaller,
    engine: EngineDep,
    database: DatabaseDep,
    settings: SettingsDep,
    language: Language,
    accept: str = Header("", include_in_schema=False),
) -> Response:
    """Answer from the documents, each sentence with the source sentences it rests on, or say that they do not say.

    A client that goes away stops the answer.
    """
    kind = preferred_media_type(accept, (JSON, EVENT_STREAM))
    check_question(body.question, settings)
    _check_history(body, settings.server.max_history_messages)
    turn = identify_turn(body)
    events = turn_events(turn, caller.key_id, engine, database)
    headers = _headers(turn)
    if kind == JSON:
        return JSONResponse(await while_connected(request, _answer(events)), headers=headers)
    first = await while_connected(request, anext(events))  # what goes wrong before it is a plain problem
    return EventSourceResponse(_server_sent(first, events, request, language), headers=headers)


async def _answer(events: AsyncGenerator[ChatEvent, None]) -> dict[str, Any]:
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Answer):
                return answer_json(event)
    raise Problem(500, "internal")


async def _server_sent(
    first: ChatEvent, events: AsyncGenerator[ChatEvent, None], request: Request, language: Language
) -> AsyncIterator[ServerSentEvent]:
    number = 1
    yield _server_sent_event(number, first)
    try:
        async with aclosing(events):
            async for event in events:
                number += 1
                yield _server_sent_event(number, event)
    except Exception as error:
        problem = problem_from(error)
        if problem.slug == "internal":
            log.exception("unforeseen error")
        data = problem_body(problem, language, request.url.path, request.state.request_id)
        yield _server_sent_data(number + 1, "error", _json(data))


def _server_sent_event(number: int, event: ChatEvent) -> ServerSentEvent:
    if isinstance(event, Answer):
        return _server_sent_data(number, "answer", _json(answer_json(event)))
    return _server_sent_data(number, _NAMES[type(event)], event.model_dump_json(ensure_ascii=True))


def _server_sent_data(number: int, name: str, data: str) -> ServerSentEvent:
    return ServerSentEvent(data, event=name, id=str(number), sep="\n")


def _json(value: object) -> str:
    # ASCII: readers that split lines as Unicode does would break at U+2028 in a document's text.
    return json.dumps(value, separators=(",", ":"), default=str)


def _headers(turn: ChatRequest) -> dict[str, str]:
    if not (turn.conversation_id and turn.turn_id):
        return {}
    return {"X-Conversation-Id": turn.conversation_id, "X-Turn-Id": turn.turn_id}


def _check_history(body: ChatRequest, most: int) -> None:
    if len(body.history) > most:
        error = {"type": "history_too_long", "loc": ("body", "history"), "ctx": {"max_length": most}}
        raise Problem(422, "invalid-request", extra={"errors": [error]})
