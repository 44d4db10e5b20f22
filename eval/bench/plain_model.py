"""The same model asked as a plain program would: one prompt of the best passages, nothing kept from before."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import psutil
import xllamacpp

from rag.domain import Hit, Message
from rag.generation.plain_text import plain_messages
from rag.generation.prompting import render
from rag.language import detect_language


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from the question to the first piece of the answer, and to its end."""

    first: float
    whole: float


class PlainModel:
    """llama.cpp through xllamacpp with the library's defaults, one slot, all cores."""

    def __init__(self, path: str, context_tokens: int) -> None:
        params = xllamacpp.CommonParams()
        params.model.path = path
        params.n_ctx, params.n_parallel = context_tokens, 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = psutil.cpu_count(logical=False) or 1
        params.cache_ram_mib = 0
        params.ui = params.fit_params = False
        params.verbosity = 0
        self._server: Any = xllamacpp.Server(params)

    def time(self, messages: Sequence[Message], max_tokens: int) -> Times:
        """Answer ``messages`` with a cold cache, greedily, and say how long it took."""
        first: list[float] = []
        began = time.perf_counter()

        def note(event: dict[str, Any]) -> bool:
            if not first and any(choice["delta"].get("content") for choice in event["choices"]):
                first.append(time.perf_counter() - began)
            return False

        self._server.handle_chat_completions(
            {
                "messages": plain_messages(messages),
                "max_tokens": max_tokens,
                "temperature": 0,
                "cache_prompt": False,
                "stream": True,
            },
            note,
        )
        whole = time.perf_counter() - began
        return Times(first[0] if first else whole, whole)

    def rate(self, messages: Sequence[Message], tokens: int) -> float:
        """Return the tokens a second that llama.cpp itself reports for writing up to ``tokens``."""
        asked = {"messages": plain_messages(messages), "max_tokens": tokens, "temperature": 0, "cache_prompt": False}
        return float(self._server.handle_chat_completions(asked)["timings"]["predicted_per_second"])


def plain_prompt(
    question: str, hits: Sequence[Hit], count_tokens: Callable[[str], int], evidence_tokens: int
) -> list[Message]:
    """Return our own rules over the best passages, whole, up to ``evidence_tokens``; at least one of them."""
    language: Literal["en", "zh"] = "zh" if detect_language(question) == "zh" else "en"
    shown: list[str] = []
    for hit in hits:
        text = f"{hit.passage.title}\n{hit.passage.text}"
        if shown and count_tokens("\n\n".join([*shown, text])) > evidence_tokens:
            break
        shown.append(text)
    return render("answer", language, evidence="\n\n".join(shown), question=question)
