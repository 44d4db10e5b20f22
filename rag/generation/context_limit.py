"""The error for a prompt that is longer than the model's context."""

from __future__ import annotations

from rag.errors import ModelError


def context_overflow(prompt_tokens: int, context_tokens: int) -> ModelError:
    """Say how long the prompt is and how long it may be, both in tokens."""
    return ModelError(
        f"The prompt has {prompt_tokens} tokens; the context holds {context_tokens}, the answer included.",
        "Ask a shorter question, start a new conversation, or raise generation.context_tokens.",
    )
