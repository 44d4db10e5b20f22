"""Problem details (RFC 9457): what went wrong, in a form for programs and in words of the caller's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from rag.errors import ModelError, PinciteError, QuestionError, SnapshotError
from server.languages import InterfaceLanguage, preferred_language
from server.openai_protocol.errors import openai_error, openai_status, speaks_openai
from server.problem_texts import detail, field_message, title

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:pincite:problem:"
STATUS_OF: Mapping[str, int] = {
    "invalid-request": 422,
    "question-empty": 422,
    "question-too-long": 422,
    "body-too-large": 413,
    "unsupported-media-type": 415,
    "not-acceptable": 406,
    "unauthorized": 401,
    "forbidden": 403,
    "csrf": 403,
    "not-found": 404,
    "model-not-found": 404,
    "method-not-allowed": 405,
    "conflict": 409,
    "misdirected": 421,
    "rate-limited": 429,
    "queue-full": 429,
    "not-ready": 503,
    "model-failed": 502,
    "internal": 500,
}
_SLUG_OF_STATUS = {
    400: "invalid-request",
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "unsupported-media-type",
}
_NOTHING: Mapping[str, Any] = {}
# What the words of a problem name, for the documentation.
_EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "invalid-request": {"errors": [{"type": "missing", "loc": ["body", "question"]}]},
    "question-too-long": {"limit": 4000},
    "body-too-large": {"limit_kb": 256},
    "forbidden": {"scope": "chat"},
    "not-acceptable": {"offered": "application/json, text/event-stream"},
    "not-ready": {"state": "loading"},
}


class Problem(HTTPException):
    """A failure with a status and a stable type, replied as ``application/problem+json``.

    The words come from ``locales/problems.*.json``, filled in from ``extra``; a ``detail`` given takes their place.
    ``extra`` becomes further members of the reply; its ``errors`` are told as ``InvalidField``, from pydantic's form.
    """

    headers: Mapping[str, str]

    def __init__(
        self,
        status: int,
        slug: str,
        *,
        detail: str = "",
        headers: Mapping[str, str] = _NOTHING,
        extra: Mapping[str, Any] = _NOTHING,
    ) -> None:
        super().__init__(status, detail, headers)
        self.slug = slug
        self.extra = extra

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.status_code


class InvalidField(BaseModel):
    """A part of a request that cannot be taken: where it is, and why."""

    loc: list[str | int]
    message: str


class ProblemDetails(BaseModel):
    """An error. ``type`` is stable; title and detail are in the language of Accept-Language."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=[f"{TYPE_PREFIX}not-found"])
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path that was asked for.")
    request_id: str
    errors: list[InvalidField] | None = Field(None, description="What is wrong with each part of the request.")


def problem_from(error: Exception) -> Problem:
    """Return the problem that an exception stands for; what nobody foresaw is "internal" and says nothing more."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return Problem(422, "invalid-request", extra={"errors": error.errors()})
        case HTTPException():
            slug = _SLUG_OF_STATUS.get(error.status_code, "internal")
            return Problem(STATUS_OF[slug], slug, headers=error.headers or {})
        case PinciteError():
            return _problem_from_pincite(error)
    return Problem(500, "internal")


def problem_body(problem: Problem, language: InterfaceLanguage, instance: str, request_id: str) -> dict[str, Any]:
    """Return the members of a problem, in words of ``language``."""
    extra = dict(problem.extra)
    if "errors" in extra:
        extra["errors"] = [_invalid_field(entry, language) for entry in extra["errors"]]
    return {
        "type": TYPE_PREFIX + problem.slug,
        "title": title(problem.slug, language),
        "status": problem.status,
        "detail": problem.detail or detail(problem.slug, language, extra),
        "instance": instance,
        "request_id": request_id,
        **extra,
    }


def problem_reply(request: Request, problem: Problem) -> Response:
    """Return the reply that tells a problem, in OpenAI's words where the path speaks that protocol."""
    language = preferred_language(request.headers.get("accept-language", ""))
    body = problem_body(problem, language, request.url.path, getattr(request.state, "request_id", ""))
    headers = {"Content-Language": language, **problem.headers}
    if speaks_openai(request.url.path):
        return Response(_json(openai_error(body)), openai_status(problem.status), headers, "application/json")
    return Response(_json(body), problem.status, headers, MEDIA_TYPE)


def problem_responses(*slugs: str) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the problems that a route may reply, for its ``responses``."""
    documented: dict[int | str, dict[str, Any]] = {}
    for slug in slugs:
        entry = documented.setdefault(STATUS_OF[slug], {"description": "", "content": {MEDIA_TYPE: {"examples": {}}}})
        entry["description"] = " Or: ".join(filter(None, [entry["description"], f"{title(slug, 'en')}."]))
        content = entry["content"][MEDIA_TYPE]
        content["schema"] = {"$ref": "#/components/schemas/ProblemDetails"}
        problem = Problem(STATUS_OF[slug], slug, extra=_EXAMPLES.get(slug, _NOTHING))
        content["examples"][slug] = {"value": problem_body(problem, "en", "/v1/…", "3f0c1a7e5b9d4c2e8a6f7b1d0e9c8a75")}
    return documented


def install(app: FastAPI) -> None:
    """Have ``app`` reply every foreseen exception as a problem."""

    async def reply(request: Request, error: Exception) -> Response:
        return problem_reply(request, problem_from(error))

    for kind in (Problem, PinciteError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, reply)


def _problem_from_pincite(error: PinciteError) -> Problem:
    told = {"reason": error.message, "remedy": error.remedy}
    if isinstance(error, ModelError):
        return Problem(502, "model-failed", extra=told)
    if isinstance(error, SnapshotError):
        return Problem(503, "not-ready", headers={"Retry-After": "5"}, extra=told)
    if isinstance(error, QuestionError):
        return Problem(422, "invalid-request", detail=f"{error.message} {error.remedy}".strip())
    return Problem(500, "internal")


def _json(value: object) -> bytes:
    # A lone surrogate can come back in the name of a field.
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace")


def _invalid_field(entry: Mapping[str, Any], language: InterfaceLanguage) -> dict[str, object]:
    """Return where and why, never the value itself."""
    return {"loc": list(entry["loc"]), "message": field_message(entry, language)}
