"""What a generator is to the rest of the house."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from rag.domain import Message, ModelInfo, Usage


class TokenStream(Protocol):
    """A running completion: iterate for its text as it comes.

    ``usage`` is complete once the iteration has ended. ``cancel`` may be called from any thread; the iteration then
    ends early, within a token, and the slot is free.
    """

    @property
    def usage(self) -> Usage:
        """Tokens spent so far."""

    def __iter__(self) -> Iterator[str]:
        """Yield pieces of text, never empty, each valid Unicode by itself."""

    def cancel(self) -> None:
        """Stop generating."""


class Generator(Protocol):
    """A causal language model behind its own chat template. Safe to call from several threads.

    Of a prompt, all messages but the last are taken to recur, so that a backend may keep what it computes of them; and
    so is an ``opening``, with which, or with part of which, the last message begins.
    """

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""

    @property
    def context_tokens(self) -> int:
        """The most tokens of prompt and completion together."""

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = (), opening: str = ""
    ) -> TokenStream:
        """Start answering ``messages``; decoding follows the settings (greedy by default).

        Raises:
            ModelError: the prompt does not fit the context, or the backend failed.
        """

    def first_token_logprobs(
        self, messages: Sequence[Message], candidates: Sequence[str]
    ) -> tuple[Mapping[str, float], Usage]:
        """Return the natural-log probability of each candidate as the first token of the reply, and what it cost.

        The probability of "yes" sums over the spellings that differ in case and surrounding space ("Yes", " yes").
        A candidate outside what the backend reports gets the lowest log-probability reported.
        """

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``, template left out."""

    def close(self) -> None:
        """Free the model. Calling it twice is fine."""


@runtime_checkable
class ReadsAhead(Protocol):
    """A generator that keeps what it computes of prompts' beginnings."""

    def read_ahead(self, messages: Sequence[Message], opening: str) -> TokenStream | None:
        """Start to read what prompts begin with: all ``messages`` but the last, and ``opening``.

        The stream ends without a token, once that is kept. None where there is no more room to keep anything.
        """
