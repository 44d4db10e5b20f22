"""Conversations: create, list, read, rename, delete, take away. Those of other owners are not there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from server.dependencies import ChatCaller, DatabaseDep
from server.exporting import conversation_json, conversation_markdown
from server.problems import Problem, problem_responses
from server.schemas import Body, Id, Text
from server.store.base import Conversation, ConversationSummary

router = APIRouter(prefix="/v1/conversations", tags=["conversations"])

_ANY = ("invalid-request", "unauthorized", "forbidden", "rate-limited", "internal")
_WITH_BODY = (*_ANY, "csrf", "body-too-large", "unsupported-media-type")
_EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The conversation as a file.",
        "content": {
            "text/markdown": {
                "schema": {"type": "string"},
                "example": (
                    "# Choosing a partner\n\n## Why did Apple choose Alibaba?\n\nFor its consumer data.[^1]\n\n"
                    "[^1]: Apple and Alibaba › Why: “…” (apple-alibaba\\.md, version 5d41402abc4b)\n"
                ),
            },
            "application/json": {"schema": {"$ref": "#/components/schemas/Conversation"}},
        },
    }
}


Title = Annotated[Text, Field(max_length=200, examples=["Choosing a partner", "选择合作伙伴"])]


class NewConversation(Body):
    """A conversation to begin."""

    title: Title = ""


class Rename(Body):
    """Another title for a conversation."""

    title: Annotated[Title, Field(min_length=1)]


class ConversationList(BaseModel):
    """A page of conversations, the one that changed last first."""

    conversations: list[ConversationSummary]
    next: datetime | None = Field(description="Give it as `before` to read on; null at the end.")


def _to_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the time is outside the calendar") from error


Before = Annotated[AwareDatetime, AfterValidator(_to_utc)]


@router.post("", status_code=201, summary="Begin a conversation", responses=problem_responses(*_WITH_BODY))
def create(conversation: NewConversation, caller: ChatCaller, database: DatabaseDep) -> ConversationSummary:
    """Begin a conversation. Without a title, its first question becomes one."""
    return database.conversations.create(caller.key_id, conversation.title)


@router.get("", summary="List conversations", responses=problem_responses(*_ANY))
def list_conversations(
    caller: ChatCaller,
    database: DatabaseDep,
    limit: Annotated[int, Query(ge=1, le=200, description="Conversations to return.")] = 50,
    before: Annotated[Before | None, Query(description="Only those that changed before this time.")] = None,
) -> ConversationList:
    """Return the caller's conversations, the one that changed last first."""
    found = list(database.conversations.list(caller.key_id, limit=limit, before=before))
    return ConversationList(conversations=found, next=found[-1].updated if len(found) == limit else None)


@router.get("/{conversation_id}", summary="Read a conversation", responses=problem_responses(*_ANY, "not-found"))
def read(conversation_id: Id, caller: ChatCaller, database: DatabaseDep) -> Conversation:
    """Return a conversation with its turns and their Answers. A turn that was never finished has none."""
    return _require(database, caller.key_id, conversation_id)


@router.patch(
    "/{conversation_id}",
    status_code=204,
    summary="Rename a conversation",
    responses=problem_responses(*_WITH_BODY, "not-found"),
)
def rename(conversation_id: Id, change: Rename, caller: ChatCaller, database: DatabaseDep) -> None:
    """Give a conversation another title."""
    if not database.conversations.rename(caller.key_id, conversation_id, change.title):
        raise Problem(404, "not-found")


@router.delete(
    "/{conversation_id}",
    status_code=204,
    summary="Delete a conversation",
    responses=problem_responses(*_ANY, "csrf", "not-found"),
)
def delete(conversation_id: Id, caller: ChatCaller, database: DatabaseDep) -> None:
    """Delete a conversation with its answers. Answers that feedback was given on stay with the feedback."""
    if not database.conversations.delete(caller.key_id, conversation_id):
        raise Problem(404, "not-found")


@router.get(
    "/{conversation_id}/export",
    summary="Take a conversation away",
    response_class=Response,
    responses=_EXPORTED | problem_responses(*_ANY, "not-found"),
)
def export(
    conversation_id: Id,
    caller: ChatCaller,
    database: DatabaseDep,
    form: Annotated[
        Literal["markdown", "json"], Query(alias="format", description="Markdown has the citations as footnotes.")
    ] = "markdown",
) -> Response:
    """Return a conversation as a file."""
    conversation = _require(database, caller.key_id, conversation_id)
    if form == "json":
        text = json.dumps(conversation_json(conversation), ensure_ascii=False, indent=2)
        return _file(text, f"{conversation.id}.json", "application/json")
    return _file(conversation_markdown(conversation), f"{conversation.id}.md", "text/markdown; charset=utf-8")


def _require(database: DatabaseDep, owner: str, conversation_id: str) -> Conversation:
    conversation = database.conversations.get(owner, conversation_id)
    if conversation is None:
        raise Problem(404, "not-found")
    return conversation


def _file(text: str, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="conversation-{name}"'}
    return Response(text.encode("utf-8", "replace"), headers=headers, media_type=media_type)
