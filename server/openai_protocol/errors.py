"""Errors in the shape of the protocol, so that its clients raise their own exceptions.

Each is a problem (see ``server.problems``) told in other words: what is wrong with a request is 400 here, not 422.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, Field

ErrorType: TypeAlias = Literal[
    "invalid_request_error", "authentication_error", "permission_error", "rate_limit_error", "server_error"
]

_PATHS = ("/v1/chat/completions", "/v1/embeddings", "/v1/models")
_TYPES: Mapping[int, ErrorType] = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
_CODES = {"unauthorized": "invalid_api_key", "rate-limited": "rate_limit_exceeded"}


class OpenAIErrorDetail(BaseModel):
    """What went wrong."""

    message: str = Field(description="In the language of Accept-Language.")
    type: ErrorType
    param: str | None = Field(
        None, description="The part of the request that is at fault.", examples=["messages[0].content"]
    )
    code: str = Field(description="Stable.", examples=["invalid_request"])


class OpenAIError(BaseModel):
    """An error in the shape of OpenAI's protocol."""

    error: OpenAIErrorDetail


def speaks_openai(path: str) -> bool:
    """Say whether the protocol rules a path."""
    return path in _PATHS or path.startswith("/v1/models/")


def openai_status(status: int) -> int:
    """Return the protocol's status for a problem's."""
    return 400 if status == 422 else status


def openai_error(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Tell a problem, given by the members of its reply, in the shape of the protocol."""
    slug = problem["type"].rpartition(":")[2]
    invalid = problem.get("errors") or []
    param = _param(invalid[0]["loc"]) if invalid else problem.get("param")
    detail = OpenAIErrorDetail(
        message=f"{problem['title']}: {_reasons(invalid) or problem['detail']}",
        type=_type_of(problem["status"]),
        param=param,
        code=problem.get("code") or _CODES.get(slug) or slug.replace("-", "_"),
    )
    return OpenAIError(error=detail).model_dump()


def _type_of(status: int) -> ErrorType:
    return "server_error" if status >= 500 else _TYPES.get(status, "invalid_request_error")


def _reasons(invalid: Sequence[Mapping[str, Any]]) -> str:
    told = ((_param(field["loc"]), field["message"]) for field in invalid)
    return "; ".join(f"{param}: {message}" if param else message for param, message in told)


def _param(loc: Sequence[str | int]) -> str | None:
    """Write a place in a body as ``messages[0].content``; the whole body, or a place in its JSON, is no parameter."""
    _, *steps = loc
    if not steps or isinstance(steps[0], int):
        return None
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")
