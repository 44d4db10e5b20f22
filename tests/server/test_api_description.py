from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI

METHODS = ("get", "post", "put", "patch", "delete")
Operation = tuple[str, dict[str, Any]]


@pytest.fixture
def document(app_of: Callable[..., FastAPI]) -> dict[str, Any]:
    return app_of().openapi()


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    named = dict(operations(document))
    assert {"POST /v1/chat", "POST /v1/search", "GET /v1/documents/{document_id}", "GET /readyz"} <= named.keys()
    for name, operation in named.items():
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name


def test_every_reply_that_has_a_body_has_a_schema(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, reply in operation["responses"].items():
            for kind, content in reply.get("content", {}).items():
                assert content.get("schema"), (name, status, kind)


def test_errors_are_documented_as_problems(document: dict[str, Any]) -> None:
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for name, operation in operations(document):
        if "/v1/chat/completions" in name or "/v1/models" in name or "/v1/embeddings" in name:
            continue  # they speak another protocol
        errors = {status: reply for status, reply in operation["responses"].items() if status[0] in "45"}
        assert errors, name
        for status, reply in errors.items():
            assert list(reply["content"]) == ["application/problem+json"], (name, status)
            assert reply["content"]["application/problem+json"]["examples"], (name, status)


def test_a_chat_is_documented_in_both_its_forms(document: dict[str, Any]) -> None:
    replies = document["paths"]["/v1/chat"]["post"]["responses"]
    assert replies["200"]["content"].keys() == {"application/json", "text/event-stream"}
    assert replies["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Answer"}
    assert "event: answer" in replies["200"]["content"]["text/event-stream"]["example"]
    assert {"401", "403", "404", "406", "409", "413", "415", "422", "429", "502", "503"} <= replies.keys()


def test_every_reference_resolves(document: dict[str, Any]) -> None:
    def references(part: object) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for value in part.values():
                yield from references(value)
        elif isinstance(part, list):
            for value in part:
                yield from references(value)

    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas, reference


def test_keys_can_be_shown_in_three_ways(document: dict[str, Any]) -> None:
    kinds = {scheme["type"] for scheme in document["components"]["securitySchemes"].values()}
    assert kinds == {"http", "apiKey"}
