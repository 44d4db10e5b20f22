"""Requests made up from the API's own description: none may break the server or get a reply that is not described."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from rag import Settings

# What the description cannot say is left out: a conversation with a history is refused, keys are not asked for here.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


@pytest.fixture
def url(settings: Settings) -> Iterator[str]:
    """The address of a server in a process of its own: hypothesis moves the recursion limit under its threads."""
    command = [sys.executable, "-m", "tests.server.served", str(settings.index_dir.parent), "0.0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        _listening, ready = process.stdout.readline(), process.stdout.readline()
        yield ready.split()[-1]
        process.kill()


def test_requests_made_up_from_the_description(url: str, subtests: pytest.Subtests) -> None:
    for result in schemathesis.openapi.from_url(f"{url}/openapi.json").get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        with subtests.test(operation.label):
            put_requests(operation)
    assert httpx.get(f"{url}/healthz").status_code == 200


def put_requests(operation: APIOperation[Any, Any, Any, Any]) -> None:
    @hypothesis.settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @hypothesis.given(case=operation.as_strategy())
    def put(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    put()
