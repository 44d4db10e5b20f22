"""A tiny corpus and a generator without a model, for tests of the server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from rag import Message
from rag.domain import ModelInfo, Usage
from rag.errors import ModelError

APPLE = """---
id: apple
title: Apple and Alibaba
topic: partnership
date: 2025-02-12
---
# Apple and Alibaba

Apple chose Alibaba for its extensive consumer data. DeepSeek lacked the staff that Apple requires.

## Figures

Huawei's smartphone sales in China rose 42% in the third quarter of 2024.
"""
CHINESE = """---
id: zh-guize
title: 生成式人工智能规则
topic: regulation
date: 2023-08-15
---
# 规则

生成式人工智能服务必须先在国家网信办备案。苹果公司选择阿里巴巴作为合作伙伴。
"""
QUESTION = "Why did Apple choose Alibaba, and how did Huawei's sales in China change?"
ANSWER_TEXT = "Apple chose Alibaba for its extensive consumer data. Huawei's smartphone sales in China rose 42%."
# An address of this machine: what a server on loopback takes.
BASE_URL = "http://127.0.0.1:8000"
PEER = ("127.0.0.1", 50000)


class PacedStream:
    """A token stream that takes its time, and that a cancel wakes at once."""

    def __init__(self, text: str, prefill: float, delay: float) -> None:
        self._pieces = [piece for piece in text.replace(" ", "\0 ").split("\0") if piece]
        self._waits = [prefill] + [delay] * len(self._pieces)
        self.cancelled = threading.Event()
        self.usage = Usage()

    def __iter__(self) -> Iterator[str]:
        for piece, wait in zip(self._pieces, self._waits, strict=False):
            if self.cancelled.wait(wait) if wait else self.cancelled.is_set():
                return
            self.usage += Usage(completion_tokens=1)
            yield piece

    def cancel(self) -> None:
        self.cancelled.set()


class PacedGenerator:
    """A generator that always says the same, ``prefill`` seconds before the first piece, ``delay`` between two.

    A follow-up question it rewrites to ``rewritten``. It notes what it was asked, and what ran at the same time.
    """

    info = ModelInfo("paced", "0" * 64, "fake")
    context_tokens = 4096

    def __init__(
        self,
        answer_text: str = ANSWER_TEXT,
        *,
        delay: float = 0.0,
        prefill: float = 0.0,
        yes: float = 0.95,
        rewritten: str = "How did Huawei's smartphone sales change?",
        error: str = "",
    ) -> None:
        self.text = answer_text
        self.delay = delay
        self.prefill = prefill
        self.yes = yes
        self.rewritten = rewritten
        self.error = error
        self.asked: list[Sequence[Message]] = []
        self.streams: list[PacedStream] = []
        self.closed = False

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = (), opening: str = ""
    ) -> PacedStream:
        if self.error:
            raise ModelError(self.error, "Run: pincite doctor")
        self.asked.append(messages)
        self.streams.append(PacedStream(self.rewritten if stop else self.text, self.prefill, self.delay))
        return self.streams[-1]

    def first_token_logprobs(
        self, messages: Sequence[Message], candidates: Sequence[str]
    ) -> tuple[Mapping[str, float], Usage]:
        odds = [self.yes, 1 - self.yes]
        return {c: float(np.log(p)) for c, p in zip(candidates, odds, strict=True)}, Usage(prompt_tokens=1)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def close(self) -> None:
        self.closed = True


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until ``condition`` holds; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
