"""An Answer as a chat completion, whole or in chunks. It rides along unchanged in the extra field ``pincite``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, Self

from pydantic import BaseModel, Field

from rag.domain import Answer, Usage


def _absent(value: object) -> bool:
    return value is None


class CachedTokens(BaseModel):
    """How many tokens of the prompts the model had seen before."""

    cached_tokens: int


class CompletionUsage(BaseModel):
    """Tokens spent on an answer, summed over all calls of the model."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: CachedTokens

    @classmethod
    def of(cls, usage: Usage) -> Self:
        """Put the usage of an Answer into the protocol's words."""
        return cls(
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            total_tokens=usage.prompt_tokens + usage.completion_tokens,
            prompt_tokens_details=CachedTokens(cached_tokens=usage.cached_tokens),
        )


class CompletionMessage(BaseModel):
    """The text of the Answer, with its markers."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(examples=["Apple chose Alibaba for its consumer data.[1]"])
    refusal: None = None


class Choice(BaseModel):
    """The one choice there is."""

    index: Literal[0] = 0
    message: CompletionMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatCompletion(BaseModel):
    """An answer."""

    id: str = Field(examples=["chatcmpl-3f0c1a7e5b9d4c2e8a6f7b1d0e9c8a75"])
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="Unix time in seconds.")
    model: str = Field(examples=["qwen2.5-coder-1.5b-instruct-q4_k_m"])
    choices: list[Choice]
    usage: CompletionUsage
    pincite: Answer = Field(description="The whole Answer: verdicts of sentences, citations with exact spans.")


class Delta(BaseModel):
    """What a chunk adds to the message."""

    role: Literal["assistant"] | None = Field(None, exclude_if=_absent)
    content: str | None = Field(None, exclude_if=_absent)


class ChunkChoice(BaseModel):
    """What a chunk adds to the one choice."""

    index: Literal[0] = 0
    delta: Delta
    logprobs: None = None
    finish_reason: Literal["stop"] | None = None


class ChatCompletionChunk(BaseModel):
    """A part of a streamed answer."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int = Field(description="Unix time in seconds.")
    model: str
    choices: list[ChunkChoice]
    usage: CompletionUsage | None = Field(None, description="In the last chunk, where asked for.")
    pincite: Answer | None = Field(
        None, exclude_if=_absent, description="The whole Answer, in the chunk that finishes."
    )


def completion_of(answer: Answer) -> ChatCompletion:
    """Return an Answer as a chat completion."""
    return ChatCompletion(
        id=_id_of(answer),
        created=int(time.time()),
        model=answer.model.name,
        choices=[Choice(message=CompletionMessage(content=answer.text))],
        usage=CompletionUsage.of(answer.usage),
        pincite=answer,
    )


def chunks_of(answer: Answer, *, with_usage: bool) -> Iterator[ChatCompletionChunk]:
    """Yield an Answer in chunks, a sentence with its markers each; their contents put together are its text."""
    created = int(time.time())

    def chunk(delta: Delta, finish_reason: Literal["stop"] | None = None) -> ChatCompletionChunk:
        choice = ChunkChoice(delta=delta, finish_reason=finish_reason)
        return ChatCompletionChunk(id=_id_of(answer), created=created, model=answer.model.name, choices=[choice])

    yield chunk(Delta(role="assistant", content=""))
    for piece in pieces_of(answer):
        yield chunk(Delta(content=piece))
    yield chunk(Delta(), "stop").model_copy(update={"pincite": answer})
    if with_usage:
        usage = CompletionUsage.of(answer.usage)
        yield chunk(Delta()).model_copy(update={"choices": [], "usage": usage})


def pieces_of(answer: Answer) -> list[str]:
    """Cut the text before each sentence but the first, so that markers and white space stay with what they follow."""
    cuts = [0, *(sentence.start for sentence in answer.sentences[1:]), len(answer.text)]
    return [answer.text[start:end] for start, end in pairwise(cuts)]


def _id_of(answer: Answer) -> str:
    return f"chatcmpl-{answer.id}"
