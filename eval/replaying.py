"""Generations kept by their prompt, so that a change behind the model is scored without running the model again.

Decoding is greedy: the same prompt to the same model brings the same text. What is replayed costs no time, so its
times say nothing: its usage reads as cached to the last token, which no model does, and the scores leave it out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from eval.records import write_atomically
from rag import Answer, Generator, Message, TokenStream
from rag.domain import ModelInfo, Usage


def is_replayed(answer: Answer) -> bool:
    """Whether everything that the model wrote for ``answer`` was written before."""
    return 0 < answer.usage.prompt_tokens <= answer.usage.cached_tokens


class ReplayingGenerator:
    """A generator that asks another only for what it was not asked before; ``folder`` holds one file a prompt."""

    def __init__(self, generator: Generator, folder: Path) -> None:
        self._generator = generator
        self._folder = folder
        self.context_tokens = generator.context_tokens

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""
        return self._generator.info

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = (), opening: str = ""
    ) -> TokenStream:
        """Return the completion kept for the same request, or a running one that is kept when it ends."""
        path = self._path("stream", messages, [max_tokens, *stop])
        if path.is_file():
            kept = _read(path)
            return _Replayed(kept["pieces"], _usage(kept))
        running = self._generator.stream(messages, max_tokens=max_tokens, stop=stop, opening=opening)
        return _Recorded(running, lambda pieces, usage: _write(path, {"pieces": pieces, "usage": asdict(usage)}))

    def first_token_logprobs(
        self, messages: Sequence[Message], candidates: Sequence[str]
    ) -> tuple[Mapping[str, float], Usage]:
        """Return the log-probabilities kept for the same request, or ask for them and keep them."""
        path = self._path("logprobs", messages, candidates)
        if not path.is_file():
            logprobs, usage = self._generator.first_token_logprobs(messages, candidates)
            _write(path, {"logprobs": dict(logprobs), "usage": asdict(usage)})
            return logprobs, usage
        kept = _read(path)
        return kept["logprobs"], _usage(kept)

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``."""
        return self._generator.count_tokens(text)

    def close(self) -> None:
        """Free the model."""
        self._generator.close()

    def _path(self, kind: str, messages: Sequence[Message], rest: Sequence[object]) -> Path:
        request = [self.info.sha256, kind, [[message.role, message.content] for message in messages], list(rest)]
        name = hashlib.sha256(json.dumps(request, ensure_ascii=False).encode()).hexdigest()
        return self._folder / name[:2] / f"{name}.json"


class _Replayed:
    """A ``TokenStream`` over a completion of before."""

    def __init__(self, pieces: Sequence[str], usage: Usage) -> None:
        self._pieces = pieces
        self.usage = usage

    def __iter__(self) -> Iterator[str]:
        return iter(self._pieces)

    def cancel(self) -> None:
        """Nothing runs."""


class _Recorded:
    """A ``TokenStream`` that hands what ran to its end to ``keep``."""

    def __init__(self, running: TokenStream, keep: Callable[[list[str], Usage], None]) -> None:
        self._running = running
        self._keep = keep

    @property
    def usage(self) -> Usage:
        return self._running.usage

    def __iter__(self) -> Iterator[str]:
        pieces = []
        for piece in self._running:
            pieces.append(piece)
            yield piece
        self._keep(pieces, self.usage)

    def cancel(self) -> None:
        self._running.cancel()


def _read(path: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _write(path: Path, kept: Mapping[str, object]) -> None:
    write_atomically(path, json.dumps(kept, ensure_ascii=False))


def _usage(kept: Mapping[str, Any]) -> Usage:
    usage = Usage(**kept["usage"])
    return replace(usage, cached_tokens=usage.prompt_tokens)
