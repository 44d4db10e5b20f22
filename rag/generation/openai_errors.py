"""What went wrong at a remote generator, in one line with a remedy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import openai

from rag.errors import ModelError
from rag.generation.context_limit import context_overflow
from rag.generation.streaming import one_line

_OVERFLOW = re.compile(r"context.{0,12}(?:length|size|window)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")


def explain(error: openai.OpenAIError, url: str, model: str) -> ModelError:
    """Turn a client error into one for the user; ``url`` is the service's base URL."""
    if isinstance(error, openai.APIError) and _is_overflow(error):
        limit, prompt = _sizes(error)
        return context_overflow(prompt, limit)
    match error:
        case openai.APITimeoutError():
            happened, remedy = "did not answer in time", "Try again, or raise generation.timeout_s."
        case openai.APIConnectionError():
            happened, remedy = "cannot be reached", "Start the service, or check the URL of the generator."
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            happened, remedy = "refuses the key", "Set generation.api_key (PINCITE_GENERATION__API_KEY)."
        case openai.NotFoundError():
            happened = f"does not know {model}, or no service of the OpenAI protocol answers there"
            remedy = "Check the model's name after the # and the path of the URL, which mostly ends in /v1."
        case openai.RateLimitError():
            happened, remedy = f"turns requests away: {_said(error)}", "Wait, or check your quota."
        case _:
            happened, remedy = f"failed: {_said(error)}", "Check the service's log."
    return ModelError(f"{url} {happened}.", remedy)


def _is_overflow(error: openai.APIError) -> bool:
    return error.code == "context_length_exceeded" or bool(_OVERFLOW.search(_said(error)))


def _said(error: openai.OpenAIError) -> str:
    return one_line(_body(error).get("message") or error)


def _sizes(error: openai.APIError) -> tuple[int, int]:
    """Return the limit and the prompt's size in tokens: from llama.cpp's fields, else the numbers of the message."""
    body = _body(error)
    numbers = sorted(int(number) for number in _NUMBER.findall(_said(error))) or [0]
    return body.get("n_ctx", numbers[0]), body.get("n_prompt_tokens", numbers[-1])


def _body(error: openai.OpenAIError) -> Mapping[str, Any]:
    body = error.body if isinstance(error, openai.APIError) else None
    return body if isinstance(body, dict) else {}
