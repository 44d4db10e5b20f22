from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from eval.bench.decoding import measure, streaming_rate
from rag import Message

PROMPTS = [[Message("user", name)] for name in "abc"]


def test_each_prompt_is_continued_by_both() -> None:
    asked: list[str] = []

    def note(who: str, rate: float) -> Callable[[Sequence[Message]], float]:
        def written(prompt: Sequence[Message]) -> float:
            asked.append(who + prompt[0].content)
            return rate

        return written

    result = measure(note("ours ", 19.0), note("theirs ", 20.0), PROMPTS)
    assert asked == [f"{who} {name}" for who, name in (
        ("ours", "a"), ("theirs", "a"), ("ours", "a"), ("theirs", "a"),
        ("theirs", "b"), ("ours", "b"), ("ours", "c"), ("theirs", "c"),
    )]  # fmt: skip
    assert result.ratio.median == pytest.approx(0.95)
    assert [row.reached for row in result.rows()] == [None, None, True]


def test_the_time_to_the_first_token_does_not_count(scripted: Callable[..., Any]) -> None:
    generator = scripted(["one two three four five"])
    whole = generator.stream

    def slowly(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        stream = whole(*args, **kwargs)
        pieces = type(stream).__iter__

        class Slow:
            usage = property(lambda _: stream.usage)

            def __iter__(self) -> Any:  # noqa: ANN401
                time.sleep(0.5)
                for piece in pieces(stream):
                    time.sleep(0.01)
                    yield piece

        return Slow()

    generator.stream = slowly
    assert 50 < streaming_rate(generator, PROMPTS[0], 8) < 101
