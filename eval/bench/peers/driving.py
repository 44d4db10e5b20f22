"""What the drivers of all peers share: llama.cpp, the clock, and the way in and out."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeAlias

import xllamacpp

from .job import Job, Reply

# Starts answering a question and yields the answer piece by piece.
Ask: TypeAlias = Callable[[str], Iterator[str]]


class Llama:
    """llama.cpp with the library's defaults, which keep the state of what a prompt shares with the one before."""

    def __init__(self, job: Job) -> None:
        params = xllamacpp.CommonParams()
        params.model.path = job.generator
        params.n_ctx, params.n_parallel = job.context_tokens, 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = job.threads
        # Only whole prompts of before are kept there, and none comes twice.
        params.cache_ram_mib = 0
        params.ui = params.fit_params = False
        params.verbosity = 0
        self._server: Any = xllamacpp.Server(params)
        self._answer_tokens = job.answer_tokens
        self.prompt_tokens = 0

    def stream(self, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
        """Answer greedily, piece by piece; at the end, ``prompt_tokens`` has grown by the size of the prompt.

        Raises:
            RuntimeError: the prompt does not fit, or llama.cpp failed.
        """
        request = {
            "messages": [dict(message) for message in messages],
            "max_tokens": self._answer_tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        events: SimpleQueue[dict[str, Any] | None] = SimpleQueue()

        def note(event: dict[str, Any]) -> bool:
            events.put(event)
            return False

        def run() -> None:
            try:
                self._server.handle_chat_completions(request, note)
            except Exception as error:  # whatever it is must reach the caller
                events.put({"error": {"message": str(error)}})
            events.put(None)

        threading.Thread(target=run, daemon=True).start()
        while (event := events.get()) is not None:
            if "error" in event:
                raise RuntimeError(f"llama.cpp: {event['error'].get('message')}")
            if usage := event.get("usage"):
                self.prompt_tokens += usage["prompt_tokens"]
            yield from filter(None, (choice["delta"].get("content") for choice in event.get("choices", ())))


def serve(open_peer: Callable[[Job, Llama], Ask]) -> None:
    """Open the peer for the job whose file the command line names, and write a line of JSON for each reply."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not come between the lines
    job = Job.from_json(Path(sys.argv[1]).read_text(encoding="utf-8"))
    llama = Llama(job)
    ask = open_peer(job, llama)
    timed(ask, llama, job.warm_up)
    for question in job.questions:
        lines.write(timed(ask, llama, question).to_json() + "\n")
        lines.flush()


def timed(ask: Ask, llama: Llama, question: str) -> Reply:
    """Ask and take the time."""
    read = llama.prompt_tokens
    began = time.perf_counter()
    first, pieces = 0.0, list[str]()
    for piece in ask(question):
        if piece and not pieces:
            first = time.perf_counter() - began
        pieces += [piece] if piece else []
    whole = time.perf_counter() - began
    return Reply(question, first or whole, whole, llama.prompt_tokens - read, "".join(pieces))
