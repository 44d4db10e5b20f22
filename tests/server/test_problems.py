from __future__ import annotations

import json
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from rag.errors import ConfigurationError, ModelError, PinciteError, QuestionError, SnapshotError
from server import problems
from server.problems import STATUS_OF, Problem, ProblemDetails, problem_body, problem_from, problem_reply

LANGUAGES = ("en", "zh")


def texts(language: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((files("server") / "locales" / f"problems.{language}.json").read_text("utf-8"))
    return loaded


def client_that_meets(error: Exception) -> TestClient:
    app = FastAPI()
    problems.install(app)

    @app.get("/somewhere")
    async def fail() -> None:
        raise error

    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_its_words_in_every_language(language: str) -> None:
    assert texts(language)["problems"].keys() == STATUS_OF.keys()
    for words in texts(language)["problems"].values():
        assert words["title"]
        assert words["detail"]


def test_both_languages_name_the_same_particulars() -> None:
    def named(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    for slug in STATUS_OF:
        english, chinese = (named(texts(language)["problems"][slug]["detail"]) for language in LANGUAGES)
        assert english == chinese, slug


def test_a_problem_is_told_in_full() -> None:
    problem = Problem(422, "question-too-long", headers={"Retry-After": "3"}, extra={"limit": 4000})
    reply = client_that_meets(problem).get("/somewhere", headers={"Accept-Language": "zh-CN"})
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["content-language"] == "zh"
    assert reply.headers["retry-after"] == "3"
    assert reply.json() == {
        "type": "urn:pincite:problem:question-too-long",
        "title": "问题过长",
        "status": 422,
        "detail": "最多接受 4000 个字符，请简短提问。",
        "instance": "/somewhere",
        "request_id": "",
        "limit": 4000,
    }
    ProblemDetails.model_validate(reply.json())


def test_a_detail_given_takes_the_place_of_the_words() -> None:
    assert problem_body(Problem(409, "conflict", detail="That turn is another."), "en", "/", "")["detail"] == (
        "That turn is another."
    )


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (ModelError("Out of memory.", "Free some."), 502, "model-failed"),
        (SnapshotError("There is no index."), 503, "not-ready"),
        (QuestionError("The question is odd."), 422, "invalid-request"),
        (ConfigurationError("A setting is wrong."), 500, "internal"),
        (PinciteError("Something."), 500, "internal"),
        (HTTPException(404), 404, "not-found"),
        (HTTPException(405, headers={"Allow": "GET"}), 405, "method-not-allowed"),
        (HTTPException(400), 422, "invalid-request"),
        (HTTPException(418), 500, "internal"),
        (ZeroDivisionError("secret"), 500, "internal"),
    ],
)
def test_every_error_is_a_problem(error: Exception, status: int, slug: str) -> None:
    problem = problem_from(error)
    assert (problem.status, problem.slug) == (status, slug)
    assert "secret" not in json.dumps(problem_body(problem, "en", "/", ""))


def test_what_the_model_says_and_what_to_do_are_told() -> None:
    reply = client_that_meets(ModelError("Out of memory.", "Free some.")).get("/somewhere")
    assert reply.json()["detail"] == "No answer could be finished. Out of memory. Free some."


def test_invalid_fields_are_named_but_never_quoted() -> None:
    entries = [
        {"type": "missing", "loc": ("body", "question"), "msg": "Field required", "input": {"key": "secret"}},
        {"type": "unheard_of", "loc": ("query", "k"), "msg": "Odd.", "input": "secret"},
    ]
    reply = client_that_meets(RequestValidationError(entries)).get("/somewhere", headers={"Accept-Language": "zh"})
    assert reply.json()["errors"] == [
        {"loc": ["body", "question"], "message": "此字段必填。"},
        {"loc": ["query", "k"], "message": "Odd."},
    ]
    assert "secret" not in reply.text


def test_a_path_of_the_other_protocol_is_told_in_its_words() -> None:
    request = Request({"type": "http", "method": "POST", "path": "/v1/chat/completions", "headers": []})
    reply = problem_reply(request, Problem(422, "question-empty"))
    assert (reply.status_code, reply.media_type) == (400, "application/json")
    assert json.loads(bytes(reply.body))["error"]["code"] == "question_empty"


@settings(deadline=None)
@given(name=st.text(st.characters()), accept=st.text(st.characters(max_codepoint=255)))
def test_no_name_of_a_field_breaks_the_reply(name: str, accept: str) -> None:
    headers = [(b"accept-language", accept.encode("latin-1"))]
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": headers})
    entry = {"type": "extra_forbidden", "loc": ("body", name), "msg": "Extra", "input": name}
    reply = problem_reply(request, Problem(422, "invalid-request", extra={"errors": [entry]}))
    assert json.loads(bytes(reply.body))["errors"][0]["message"]
