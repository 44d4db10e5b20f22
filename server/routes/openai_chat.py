"""``POST /v1/chat/completions``: the same Answers, for clients of OpenAI's protocol."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sse_starlette import EventSourceResponse, ServerSentEvent

from rag.domain import Answer
from server.answering import turn_events
from server.chat_events import ChatEvent
from server.dependencies import ChatCaller, DatabaseDep, EngineDep, Language, SettingsDep
from server.disconnects import while_connected
from server.openai_protocol.completions import ChatCompletion, chunks_of, completion_of
from server.openai_protocol.documentation import error_responses
from server.openai_protocol.errors import openai_error
from server.openai_protocol.models import check_model
from server.openai_protocol.requests import ChatCompletionRequest
from server.problems import Problem, problem_body, problem_from
from server.questions import check_question
from server.schemas import ChatRequest

_DONE = "[DONE]"
_EXAMPLE = """data: {"id":"chatcmpl-3f0c","object":"chat.completion.chunk","created":1767225600,"model":"…","choices":\
[{"index":0,"delta":{"content":"Apple chose Alibaba for its consumer data.[1]"},"logprobs":null,"finish_reason":null}],\
"usage":null}

data: [DONE]

"""
_EVENT = {"type": "object", "properties": {"data": {"type": "string"}}, "required": ["data"]}
_REPLIES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The Answer as a chat completion; or, with `stream`, as events, each a `chat.completion.chunk`, "
        "last `[DONE]`. An error after the stream began is an event too, in the shape of the other errors.",
        "content": {"text/event-stream": {"schema": _EVENT, "example": _EXAMPLE}},
    }
}
_ERRORS = error_responses(
    "invalid-request", "question-empty", "question-too-long", "unauthorized", "forbidden", "csrf", "model-not-found",
    "body-too-large", "unsupported-media-type", "rate-limited", "queue-full", "model-failed", "not-ready", "internal",
)  # fmt: skip

router = APIRouter(tags=["openai"])
log = structlog.get_logger("pincite.chat")


@router.post(
    "/v1/chat/completions",
    summary="Ask a question, in OpenAI's protocol",
    response_model=ChatCompletion,
    responses=_REPLIES | _ERRORS,
)
async def chat_completions(  # noqa: PLR0913, PLR0917 - a dependency each
    body: ChatCompletionRequest,
    request: Request,
    caller: ChatCaller,
    engine: EngineDep,
    database: DatabaseDep,
    settings: SettingsDep,
    language: Language,
) -> Response:
    """Answer the last message from the documents, in view of those before. The whole Answer is in the field `pincite`.

    A client that goes away stops the answer.
    """
    check_model(body.model, engine.assistant.generator.info.name)
    asked = _chat_request(body, settings.server.max_history_messages)
    check_question(asked.question, settings)
    events = turn_events(asked, caller.key_id, engine, database)
    if not body.stream:
        answer = await while_connected(request, _conclusion(events))
        return JSONResponse(completion_of(answer).model_dump(mode="json"))
    await while_connected(request, anext(events))  # in the queue; what goes wrong before has a status of its own
    sent = _server_sent(events, request, language, tells_usage=body.tells_usage)
    return EventSourceResponse(sent, sep="\n")


def _chat_request(body: ChatCompletionRequest, most: int) -> ChatRequest:
    *history, question = body.conversation
    # Clients of this protocol send all that was said, each time: a long conversation must not end in an error.
    recent = history[-most:] if most else []
    return ChatRequest.model_validate(
        {
            "question": question.content,
            "history": [message.model_dump() for message in recent],
            "filters": body.pincite.filters,
        }
    )


async def _conclusion(events: AsyncGenerator[ChatEvent, None]) -> Answer:
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Answer):
                return event
    raise Problem(500, "internal")


async def _server_sent(
    events: AsyncGenerator[ChatEvent, None], request: Request, language: Language, *, tells_usage: bool
) -> AsyncIterator[ServerSentEvent]:
    """Send the Answer's final text, comments that keep the connection alive before it.

    The draft is not sent as it is written: it may give way to a refusal, its markers are not yet checked, and this
    protocol has no way to take text back. What a client puts together from the chunks is always the Answer's text.
    """
    try:
        answer = await _conclusion(events)
    except Exception as error:
        problem = problem_from(error)
        if problem.slug == "internal":
            log.exception("unforeseen error")
        yield _event(openai_error(problem_body(problem, language, request.url.path, request.state.request_id)))
        return
    for chunk in chunks_of(answer, with_usage=tells_usage):
        yield _event(chunk.model_dump(mode="json"))
    yield ServerSentEvent(_DONE)


def _event(data: dict[str, Any]) -> ServerSentEvent:
    # In ASCII: some clients end a line at characters, such as U+2028, that JSON leaves as they are.
    return ServerSentEvent(json.dumps(data, separators=(",", ":"), default=str))
