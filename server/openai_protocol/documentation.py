"""The errors of the protocol in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.openai_protocol.errors import OpenAIError, openai_error, openai_status
from server.problems import STATUS_OF, Problem, problem_body

_DETAILS: Mapping[str, Mapping[str, object]] = {
    "invalid-request": {"errors": [{"loc": ("body", "n"), "type": "literal_error", "msg": "Input should be 1"}]},
    "question-too-long": {"limit": 4000},
    "forbidden": {"scope": "chat"},
    "model-not-found": {"param": "model", "models": "pincite, qwen2.5-coder-1.5b-instruct-q4_k_m"},
    "body-too-large": {"limit_kb": 256},
    "not-ready": {"state": "loading"},
}


def error_responses(*slugs: str) -> dict[int | str, dict[str, Any]]:
    """Return the documentation of the problems that a route may reply, for its ``responses``."""
    documented: dict[int | str, dict[str, Any]] = {}
    for slug in slugs:
        problem = problem_body(Problem(STATUS_OF[slug], slug, extra=_DETAILS.get(slug, {})), "en", "", "")
        entry = documented.setdefault(
            openai_status(STATUS_OF[slug]),
            {"model": OpenAIError, "description": "", "content": {"application/json": {"examples": {}}}},
        )
        entry["description"] = " Or: ".join(filter(None, [entry["description"], f"{problem['title']}."]))
        entry["content"]["application/json"]["examples"][slug] = {"value": openai_error(problem)}
    return documented | {"default": {"model": OpenAIError, "description": "Another error."}}
