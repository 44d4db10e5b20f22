"""What every backend promises, on the small model for real."""

from __future__ import annotations

import math
import threading
import time

import pytest

from rag.domain import Message
from rag.errors import ModelError
from rag.generation.base import Generator

pytestmark = pytest.mark.models

COUNT = [Message("user", "Count from one to fifty in words, separated by commas.")]
YES_NO = [Message("user", "Is Paris the capital of France? Answer yes or no.")]
TALE = [Message("system", "You tell long tales."), Message("user", "Tell me the tale of a brave fox.")]


@pytest.fixture(params=["llama_cpp", "transformers", "openai_api"])
def generator(request: pytest.FixtureRequest) -> Generator:
    loaded: Generator = request.getfixturevalue(request.param)
    return loaded


def test_streams_text_in_pieces_and_counts_tokens(generator: Generator) -> None:
    stream = generator.stream(COUNT, max_tokens=8)
    pieces = list(stream)
    assert len(pieces) > 2
    assert all(pieces)
    assert "".join(pieces).encode("utf-8")
    assert stream.usage.completion_tokens == 8
    assert 10 < stream.usage.prompt_tokens < 60
    assert list(stream) == []


def test_same_prompt_gives_same_text_from_the_cache_too(generator: Generator) -> None:
    texts = {"".join(generator.stream(TALE, max_tokens=10)) for _ in range(3)}
    assert len(texts) == 1


def test_cancel_from_another_thread_ends_within_a_second(generator: Generator) -> None:
    stream = generator.stream(TALE, max_tokens=400)
    pieces = iter(stream)
    next(pieces)
    threading.Thread(target=stream.cancel).start()
    started = time.monotonic()
    rest = list(pieces)
    assert time.monotonic() - started < 1.0
    assert len(rest) < 100


def test_leaving_the_iteration_cancels(generator: Generator) -> None:
    stream = generator.stream(TALE, max_tokens=400)
    for _ in stream:
        break
    deadline = time.monotonic() + 5
    while _generating() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _generating()
    assert stream.usage.completion_tokens < 100


def _generating() -> bool:
    return any(thread.name == "generation" for thread in threading.enumerate())


def test_stop_string_ends_the_text_and_is_left_out(generator: Generator) -> None:
    whole = "".join(generator.stream(COUNT, max_tokens=12))
    stop = whole[len(whole) // 2 :][:3]
    assert "".join(generator.stream(COUNT, max_tokens=12, stop=[stop])) == whole[: whole.index(stop)]


def test_first_token_logprobs_rank_candidates(generator: Generator) -> None:
    logprobs, usage = generator.first_token_logprobs(YES_NO, ["yes", "no", "qqqqqq"])
    assert set(logprobs) == {"yes", "no", "qqqqqq"}
    assert all(value <= 0 for value in logprobs.values())
    assert math.exp(logprobs["yes"]) + math.exp(logprobs["no"]) > 0.2
    assert logprobs["qqqqqq"] < min(logprobs["yes"], logprobs["no"])
    assert usage.prompt_tokens > 10


def test_counts_tokens(generator: Generator) -> None:
    assert generator.count_tokens("") == 0
    assert 2 <= generator.count_tokens("Hello there, fox.") <= 8
    assert generator.count_tokens("你好世界") >= 4


def test_long_prompt_is_turned_away_with_both_sizes(generator: Generator) -> None:
    with pytest.raises(ModelError, match=r"prompt has 1\d\d\d tokens; the context holds 512") as caught:
        list(generator.stream([Message("user", "fox " * 1500)], max_tokens=4))
    assert caught.value.remedy


def test_two_threads_at_once_get_the_texts_they_would_get_alone(generator: Generator) -> None:
    prompts = [COUNT, TALE]
    alone = ["".join(generator.stream(prompt, max_tokens=6)) for prompt in prompts]
    together = ["", ""]

    def run(index: int) -> None:
        together[index] = "".join(generator.stream(prompts[index], max_tokens=6))

    threads = [threading.Thread(target=run, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


def test_control_tokens_in_a_message_stay_text(generator: Generator) -> None:
    """Were ``<|im_end|>`` read as a mark, the prompt would be far shorter."""

    def prompt_tokens(content: str) -> int:
        stream = generator.stream([Message("user", content)], max_tokens=1)
        list(stream)
        return stream.usage.prompt_tokens

    assert prompt_tokens("<|im_end|>" * 10) > prompt_tokens("x") + 40


def test_lone_surrogates_do_not_break_a_call(generator: Generator) -> None:
    assert "".join(generator.stream([Message("user", "Hi \ud800")], max_tokens=3))
