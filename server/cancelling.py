"""Stopping an answer in the making from another thread, also while it waits for the model.

An answer spends nearly all its time waiting for a token stream, and a token stream may be cancelled from any thread. So
each answer gets a view of the assistant whose generator reports the stream that it reads.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence

from rag import Assistant, Message, TokenStream
from rag.domain import ModelInfo, Usage


class Cancelled(Exception):  # noqa: N818 - reads as what happened
    """Nobody wants the answer any more."""


class Cancellation:
    """Stops one answer. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._stream: TokenStream | None = None

    @property
    def cancelled(self) -> bool:
        """Whether the answer is to stop."""
        return self._cancelled

    def cancel(self) -> None:
        """Stop the answer, and the token stream that it reads now."""
        with self._lock:
            self._cancelled = True
            stream = self._stream
        if stream is not None:
            stream.cancel()

    def check(self) -> None:
        """Raise ``Cancelled`` where the answer is to stop."""
        if self._cancelled:
            raise Cancelled

    def follow(self, stream: TokenStream) -> None:
        """Take note that the answer reads ``stream`` now."""
        with self._lock:
            self._stream = stream
        if self._cancelled:
            stream.cancel()


def with_cancellation(assistant: Assistant, cancellation: Cancellation) -> Assistant:
    """Return a view of ``assistant`` whose answers stop with ``Cancelled`` once ``cancellation`` says so."""
    return assistant.with_generator(_CancellableGenerator(assistant, cancellation))


class _CancellableStream:
    """A token stream that ends with ``Cancelled``, so that nobody takes half a text for the whole."""

    def __init__(self, stream: TokenStream, cancellation: Cancellation) -> None:
        self._stream = stream
        self._cancellation = cancellation

    @property
    def usage(self) -> Usage:
        return self._stream.usage

    def __iter__(self) -> Iterator[str]:
        yield from self._stream
        self._cancellation.check()

    def cancel(self) -> None:
        self._stream.cancel()


class _CancellableGenerator:
    """The assistant's generator for one answer; closing it is left to the assistant."""

    def __init__(self, assistant: Assistant, cancellation: Cancellation) -> None:
        self._generator = assistant.generator
        self._cancellation = cancellation

    @property
    def info(self) -> ModelInfo:
        return self._generator.info

    @property
    def context_tokens(self) -> int:
        return self._generator.context_tokens

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = (), opening: str = ""
    ) -> _CancellableStream:
        self._cancellation.check()
        tokens = self._generator.stream(messages, max_tokens=max_tokens, stop=stop, opening=opening)
        self._cancellation.follow(tokens)
        return _CancellableStream(tokens, self._cancellation)

    def first_token_logprobs(
        self, messages: Sequence[Message], candidates: Sequence[str]
    ) -> tuple[Mapping[str, float], Usage]:
        self._cancellation.check()
        return self._generator.first_token_logprobs(messages, candidates)

    def count_tokens(self, text: str) -> int:
        self._cancellation.check()
        return self._generator.count_tokens(text)

    def close(self) -> None:
        pass
