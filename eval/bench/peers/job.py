"""What a peer is asked and what it replies, as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class _Json:
    """A value that is one line of JSON."""

    def to_json(self) -> str:
        """Return the value as one line of JSON, without a line end."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what ``to_json`` wrote.

        Raises:
            ValueError: it is no JSON.
            TypeError: it is no object, or has other keys.
        """
        return cls(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Job(_Json):
    """Questions over passages, and the models to answer them with.

    ``embedder`` is a sentence-transformers folder, with the prompts that stand before what it embeds (empty: none);
    ``generator`` a GGUF file. ``context_tokens`` is the model's window and ``answer_tokens`` the most that an answer
    may take. ``warm_up`` is asked first, and not timed.
    """

    passages: Sequence[str]
    warm_up: str
    questions: Sequence[str]
    embedder: str
    query_prompt: str
    passage_prompt: str
    generator: str
    context_tokens: int
    answer_tokens: int
    threads: int


@dataclass(frozen=True, slots=True)
class Reply(_Json):
    """An answer, with the seconds from the question to its first piece and to its end.

    ``prompt_tokens`` is how much the model was given to read, in all prompts together, as llama.cpp counts it.
    """

    question: str
    first_token_s: float
    whole_s: float
    prompt_tokens: int
    answer: str
