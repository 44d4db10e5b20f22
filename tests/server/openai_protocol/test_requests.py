from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from server.openai_protocol.errors import openai_error
from server.openai_protocol.requests import ChatCompletionRequest
from server.problems import Problem, problem_body

ROLES = st.sampled_from(["system", "developer", "user", "assistant"])
MESSAGES = st.lists(st.fixed_dictionaries({"role": ROLES, "content": st.text(max_size=20)}), min_size=1)
USER = {"role": "user", "content": "Why?"}


def request(**changes: object) -> ChatCompletionRequest:
    return ChatCompletionRequest.model_validate({"model": "pincite", "messages": [USER]} | changes)


def complaint(**changes: object) -> tuple[str | None, str]:
    """Where a client is told that its request is wrong, and why."""
    with pytest.raises(ValidationError) as caught:
        request(**changes)
    errors = [error | {"loc": ("body", *error["loc"])} for error in caught.value.errors()]
    problem = problem_body(Problem(422, "invalid-request", extra={"errors": errors}), "en", "", "")
    error: dict[str, Any] = openai_error(problem)["error"]
    return error["param"], error["message"]


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"n": 2}, "n"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "tools"),
        ({"functions": [{"name": "f"}]}, "functions"),
        ({"logprobs": True}, "logprobs"),
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"response_format": {"type": "json_schema", "json_schema": {}}}, "response_format.type"),
        ({"response_format": {"type": "json_object"}}, "response_format.type"),
        ({"temperature": 9}, "temperature"),
        ({"temperature": True}, "temperature"),
        ({"top_logprobs": False}, "top_logprobs"),
        ({"n": True}, "n"),
        ({"model": ""}, "model"),
        ({"pincite": {"filter": {}}}, "pincite.filter"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0].role"),
        ({"messages": [USER, {"role": "user", "content": [{"type": "image_url"}]}]}, "messages[1].content"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": ["x"]}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": {"text": "x"}}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": "x" * 100_001}]}, "messages[0].content"),
        ({"messages": [USER, {"role": "assistant", "content": "x"}]}, None),
        ({"messages": [{"role": "system", "content": "x"}]}, None),
    ],
)
def test_what_cannot_be_done_is_told_with_its_place(changes: dict[str, Any], param: str | None) -> None:
    where, why = complaint(**changes)
    assert where == param
    assert why


def test_reasons_are_told_in_words() -> None:
    assert "Only text is read" in complaint(messages=[{"role": "user", "content": [{"type": "input_audio"}]}])[1]
    assert "Not supported" in complaint(tools=[{"type": "function"}])[1]
    assert "user's question" in complaint(messages=[USER, {"role": "assistant", "content": "x"}])[1]


@settings(deadline=None)
@given(MESSAGES, st.text())
def test_the_conversation_is_what_user_and_assistant_said(messages: list[dict[str, str]], question: str) -> None:
    messages = [*messages, {"role": "user", "content": question}]
    said = [(m.role, m.content) for m in request(messages=messages).conversation]
    assert said == [
        (m["role"], m["content"].replace("\x00", " ")) for m in messages if m["role"] in ("user", "assistant")
    ]


@settings(deadline=None)
@given(st.lists(st.text()))
def test_parts_are_joined_as_lines(texts: list[str]) -> None:
    parts = [{"type": "text", "text": text} for text in texts]
    whole = request(messages=[{"role": "user", "content": parts}])
    assert whole == request(messages=[{"role": "user", "content": "\n".join(texts)}])


def test_an_assistant_may_have_said_nothing() -> None:
    silent = {"role": "assistant", "content": None, "refusal": None}
    assert [m.content for m in request(messages=[USER, silent, USER]).conversation] == ["Why?", "", "Why?"]


def test_usage_is_told_where_it_is_asked_for() -> None:
    assert request(stream_options={"include_usage": True}).tells_usage
    assert not request(stream_options={"include_usage": False}).tells_usage
    assert not request().tells_usage
