from __future__ import annotations

import httpx2
import openai
import pytest

from rag.generation.openai_errors import explain

URL = "http://box/v1"
REQUEST = httpx2.Request("POST", URL)


def _status(kind: type[openai.APIStatusError], status: int, message: str, **body: object) -> openai.APIStatusError:
    return kind(message, response=httpx2.Response(status, request=REQUEST), body={"message": message, **body})


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (openai.APITimeoutError(request=REQUEST), f"{URL} did not answer in time."),
        (openai.APIConnectionError(request=REQUEST), f"{URL} cannot be reached."),
        (_status(openai.AuthenticationError, 401, "no"), f"{URL} refuses the key."),
        (_status(openai.RateLimitError, 429, "Slow down.\nPlease."), f"{URL} turns requests away: Slow down."),
        (_status(openai.InternalServerError, 500, "boom"), f"{URL} failed: boom."),
        (
            _status(openai.BadRequestError, 400, "This model's maximum context length is 4096 tokens, you sent 5000."),
            "The prompt has 5000 tokens; the context holds 4096, the answer included.",
        ),
        (
            _status(openai.BadRequestError, 400, "exceeds the context size", n_ctx=512, n_prompt_tokens=600),
            "The prompt has 600 tokens; the context holds 512, the answer included.",
        ),
    ],
)
def test_each_failure_is_one_line_with_a_remedy(error: openai.OpenAIError, message: str) -> None:
    explained = explain(error, URL, "m")
    assert explained.message == message
    assert explained.remedy


def test_unknown_model_is_named() -> None:
    assert "does not know m" in explain(_status(openai.NotFoundError, 404, "no model"), URL, "m").message
