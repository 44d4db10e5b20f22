from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.openai_protocol.errors import OpenAIError, openai_error, openai_status, speaks_openai
from server.problems import STATUS_OF, Problem, problem_body


def told(slug: str, **extra: object) -> dict[str, object]:
    error: dict[str, object] = openai_error(problem_body(Problem(STATUS_OF[slug], slug, extra=extra), "en", "", ""))[
        "error"
    ]
    return error


@pytest.mark.parametrize("slug", STATUS_OF)
def test_every_problem_has_the_shape_of_the_protocol(slug: str) -> None:
    error = OpenAIError.model_validate({"error": told(slug)}).error
    assert error.message
    assert error.code.replace("_", "").isalpha()
    assert (error.type == "server_error") == (STATUS_OF[slug] >= 500)


@pytest.mark.parametrize(
    ("slug", "kind", "code"),
    [
        ("unauthorized", "authentication_error", "invalid_api_key"),
        ("forbidden", "permission_error", "forbidden"),
        ("rate-limited", "rate_limit_error", "rate_limit_exceeded"),
        ("queue-full", "rate_limit_error", "queue_full"),
        ("model-not-found", "invalid_request_error", "model_not_found"),
        ("not-ready", "server_error", "not_ready"),
    ],
)
def test_kinds_and_codes(slug: str, kind: str, code: str) -> None:
    error = told(slug)
    assert (error["type"], error["code"]) == (kind, code)


def test_invalid_requests_are_bad_requests() -> None:
    assert openai_status(422) == 400
    assert [openai_status(status) for status in (401, 404, 413, 429, 503)] == [401, 404, 413, 429, 503]


@pytest.mark.parametrize(
    ("loc", "param"),
    [
        (("body", "n"), "n"),
        (("body", "messages", 0, "content"), "messages[0].content"),
        (("body",), None),
        (("body", 17), None),
        (("path", "model"), "model"),
    ],
)
def test_a_place_is_written_as_the_protocol_does(loc: tuple[str | int, ...], param: str | None) -> None:
    assert told("invalid-request", errors=[{"loc": loc, "msg": "No."}])["param"] == param


def test_all_reasons_are_told() -> None:
    errors = [{"loc": ("body", "n"), "msg": "No."}, {"loc": ("body",), "msg": "Never."}]
    assert str(told("invalid-request", errors=errors)["message"]).endswith("n: No.; Never.")


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/embeddings", "/v1/models", "/v1/models/hf:Qwen/Qwen"])
def test_paths_of_the_protocol(path: str) -> None:
    assert speaks_openai(path)


@settings(deadline=None)
@given(st.text())
def test_no_other_path_is_of_the_protocol(rest: str) -> None:
    assert not speaks_openai(f"/v1/chat/{rest}!")
    assert not speaks_openai("/v1/chat")
