"""Tokens written a second: through our generator, against llama.cpp's own rate."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.bench.goals import Row, at_least
from eval.bench.spread import Spread, spread
from rag import Generator, Message


@dataclass(frozen=True, slots=True)
class Decoding:
    """Tokens a second after the first, of several prompts in turn."""

    rate: Spread
    own_rate: Spread
    ratio: Spread

    def rows(self) -> list[Row]:
        """Return the lines of the table."""
        return [
            Row("decoding", "llama.cpp's own rate, tokens a second", self.own_rate),
            Row("decoding", "tokens a second", self.rate),
            Row("decoding", "share of llama.cpp's own rate", self.ratio, at_least(0.95)),
        ]


def measure(
    rate: Callable[[Sequence[Message]], float],
    own_rate: Callable[[Sequence[Message]], float],
    prompts: Sequence[Sequence[Message]],
    done: Callable[[], None] = lambda: None,
) -> Decoding:
    """Have both continue each of ``prompts``, in an order that changes from one to the next, after one to warm up."""
    rate(prompts[0]), own_rate(prompts[0])
    pairs: list[tuple[float, float]] = []
    for number, prompt in enumerate(prompts):
        if number % 2:
            theirs, ours = own_rate(prompt), rate(prompt)
        else:
            ours, theirs = rate(prompt), own_rate(prompt)
        pairs.append((ours, theirs))
        done()
    return Decoding(
        rate=spread([ours for ours, _ in pairs]),
        own_rate=spread([theirs for _, theirs in pairs]),
        ratio=spread([ours / theirs for ours, theirs in pairs]),
    )


def streaming_rate(generator: Generator, prompt: Sequence[Message], tokens: int) -> float:
    """Return the tokens a second, after the first, of up to ``tokens`` as they come out of ``generator``."""
    stream = generator.stream(prompt, max_tokens=tokens)
    times = [time.perf_counter() for _ in stream]
    return (stream.usage.completion_tokens - 1) / (times[-1] - times[0])
