"""The OpenAPI document: what FastAPI cannot know by itself."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from server.problems import ProblemDetails

_ABOUT = """Answers from your own documents, every sentence pinned to the sentence it rests on.

Errors are problem details (RFC 9457) with a stable `type`. Where keys are required, send one as
`Authorization: Bearer KEY` or `X-API-Key: KEY`."""
_TAGS = [
    {"name": "chat", "description": "Questions and answers."},
    {
        "name": "openai",
        "description": "OpenAI's protocol, around the same Answers. Its errors have that protocol's shape.",
    },
    {"name": "corpus", "description": "The documents: searching and reading them never waits for an answer."},
    {"name": "operations", "description": "For those who run the server."},
]
_REF_TEMPLATE = "#/components/schemas/{model}"


def describe(app: FastAPI) -> None:
    """Have ``app`` describe itself, its problems included."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title, version=app.version, description=_ABOUT, routes=app.routes, tags=_TAGS
            )
            _add_problem_schemas(document.setdefault("components", {}).setdefault("schemas", {}))
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _add_problem_schemas(schemas: dict[str, Any]) -> None:
    schema = ProblemDetails.model_json_schema(ref_template=_REF_TEMPLATE)
    schemas |= schema.pop("$defs")
    schemas["ProblemDetails"] = schema
