from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.replaying import ReplayingGenerator, is_replayed
from eval.runner import Stage
from eval.scores import score
from rag.domain import Answer, Message, Usage

PROMPT = [Message("user", "Who?")]


def test_the_model_is_asked_once_for_a_prompt(scripted: Callable[..., Any], tmp_path: Path) -> None:
    model = scripted(["Apple chose it.", "Another."])
    first = ReplayingGenerator(model, tmp_path).stream(PROMPT, max_tokens=9)
    assert "".join(first) == "Apple chose it."
    second = ReplayingGenerator(model, tmp_path).stream(PROMPT, max_tokens=9)
    assert "".join(second) == "Apple chose it."
    assert second.usage.cached_tokens == second.usage.prompt_tokens == first.usage.prompt_tokens
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"messages": [Message("assistant", "Who?")], "max_tokens": 9},
        {"messages": PROMPT, "max_tokens": 8},
        {"messages": PROMPT, "max_tokens": 9, "stop": ["\n"]},
    ],
)
def test_another_request_is_asked(scripted: Callable[..., Any], tmp_path: Path, other: dict[str, Any]) -> None:
    generator = ReplayingGenerator(scripted(["One.", "Two."]), tmp_path)
    list(generator.stream(PROMPT, max_tokens=9))
    assert "".join(generator.stream(**other)) == "Two."


def test_a_stream_left_early_is_not_kept(scripted: Callable[..., Any], tmp_path: Path) -> None:
    generator = ReplayingGenerator(scripted(["One two three.", "Whole."]), tmp_path)
    stream = generator.stream(PROMPT, max_tokens=9)
    next(iter(stream))
    stream.cancel()
    assert "".join(generator.stream(PROMPT, max_tokens=9)) == "Whole."


def test_log_probabilities_are_kept_too(scripted: Callable[..., Any], tmp_path: Path) -> None:
    model = scripted()
    generator = ReplayingGenerator(model, tmp_path)
    fresh, _ = generator.first_token_logprobs(PROMPT, ["yes", "no"])
    kept, usage = generator.first_token_logprobs(PROMPT, ["yes", "no"])
    assert kept == pytest.approx(dict(fresh))
    assert usage.cached_tokens == usage.prompt_tokens
    assert len(model.asked) == 1


def test_replayed_answers_have_no_times(record: Callable[..., Any], answer: Callable[..., Answer]) -> None:
    replayed = replace(answer(), usage=Usage(100, 100, 5))
    assert is_replayed(replayed)
    assert not is_replayed(answer())
    records = [record(), replace(record(), answer=replayed)]
    metrics = score(records, Stage.ANSWER).overall
    assert (metrics["answer_s"].n, metrics["answer_accuracy"].n) == (1, 2)
