from __future__ import annotations

from server.openai_protocol.documentation import error_responses
from server.openai_protocol.errors import OpenAIError


def test_problems_with_one_status_are_documented_together() -> None:
    documented = error_responses("invalid-request", "question-empty", "queue-full", "rate-limited")
    assert documented.keys() == {400, 429, "default"}
    examples = documented[429]["content"]["application/json"]["examples"]
    assert examples.keys() == {"queue-full", "rate-limited"}
    assert " Or: " in documented[400]["description"]


def test_examples_are_errors_of_the_protocol() -> None:
    for reply in error_responses("invalid-request", "model-not-found", "not-ready").values():
        for example in reply.get("content", {}).get("application/json", {}).get("examples", {}).values():
            assert OpenAIError.model_validate(example["value"]).error.message
