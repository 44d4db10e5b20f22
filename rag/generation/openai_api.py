"""A model elsewhere, behind the OpenAI protocol: vLLM, Ollama, llama.cpp's server, a cloud.

All requests run on one event loop in a thread of its own, since a task there can be cancelled at any moment: that
closes the connection, which is how the protocol says that no more is wanted.
"""

from __future__ import annotations

import asyncio
import math
import threading
import weakref
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import openai
from openai.types import CompletionUsage

from rag.domain import Message, ModelInfo, Usage
from rag.errors import ModelError
from rag.generation.first_token import sum_spellings
from rag.generation.openai_errors import explain
from rag.generation.plain_text import plain_messages
from rag.generation.streaming import FedStream, Feed, one_line
from rag.language import HAN
from rag.models.references import ModelReference
from rag.settings import GenerationSettings

T = TypeVar("T")

# The most that the protocol allows.
_TOP_LOGPROBS = 20
_RETRIES = 1
_LETTERS_PER_TOKEN = 4


class OpenAIGenerator:
    """A client of one model of one service. Nothing is loaded and nothing is asked before the first call."""

    def __init__(self, model: ModelReference, settings: GenerationSettings) -> None:
        self._model = model
        self._settings = settings
        self.info = ModelInfo(model.name, "", "openai_api")
        self.context_tokens = settings.context_tokens
        self._client = openai.AsyncOpenAI(
            base_url=model.location,
            api_key=settings.api_key or "none",  # the client insists on one
            timeout=settings.timeout_s,
            max_retries=_RETRIES,
        )
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self._loop.run_forever, name="openai-api", daemon=True)
        thread.start()
        self._shut_down = weakref.finalize(self, _shut_down, self._loop, thread, self._client)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = (), opening: str = ""
    ) -> FedStream:
        """Start answering ``messages``.

        Only the service can count its tokens, so an overflow, like every other failure, is raised by the iteration.

        Raises:
            ModelError: the generator is closed.
        """
        request = self._request(messages, max_tokens=max_tokens) | {
            "stop": list(stop) or openai.omit,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        feed = Feed()
        task = self._submit(_produce(self._client, request, feed, self._model))
        return FedStream(feed, task.cancel)

    def first_token_logprobs(
        self, messages: Sequence[Message], candidates: Sequence[str]
    ) -> tuple[Mapping[str, float], Usage]:
        """Return the natural-log probability of each candidate among the 20 likeliest first tokens.

        Raises:
            ModelError: the service failed, does not report log-probabilities, or the prompt is too long for it.
        """
        request = self._request(messages, max_tokens=1) | {"logprobs": True, "top_logprobs": _TOP_LOGPROBS}
        try:
            reply = self._submit(self._client.chat.completions.create(**request)).result()
        except openai.OpenAIError as error:
            raise explain(error, self._model.location, self._model.name) from error
        logprobs = reply.choices[0].logprobs
        if logprobs is None or not logprobs.content:
            remedy = "Choose a service that supports logprobs, or a local model."
            raise ModelError(f"{self._model.location} reports no log-probabilities.", remedy)
        reported = [(entry.token, entry.logprob) for entry in logprobs.content[0].top_logprobs]
        return sum_spellings(reported, candidates), _usage(reply.usage)

    def count_tokens(self, text: str) -> int:
        """Return an estimate, since the protocol has no tokenizer: one for a Han character, one for 4 others.

        It errs upwards for the tokenizers in use.
        """
        han = len(HAN.findall(text))
        return han + math.ceil((len(text) - han) / _LETTERS_PER_TOKEN)

    def close(self) -> None:
        """Cancel what runs and close the connections."""
        self._shut_down()

    def _request(self, messages: Sequence[Message], *, max_tokens: int) -> dict[str, Any]:
        return {
            "model": self._model.name,
            "messages": plain_messages(messages),
            "max_tokens": max_tokens,
            "temperature": self._settings.temperature,
            "seed": self._settings.seed,
        }

    def _submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        if not self._shut_down.alive:
            coroutine.close()
            raise ModelError("The generator is closed.", "Open it again.")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)


async def _produce(client: openai.AsyncOpenAI, request: dict[str, Any], feed: Feed, model: ModelReference) -> None:
    error: ModelError | None = None
    try:
        async with await client.chat.completions.create(**request) as chunks:
            async for chunk in chunks:
                for choice in chunk.choices:
                    feed.put(choice.delta.content or "")
                if chunk.usage:
                    feed.usage = _usage(chunk.usage)
    except openai.OpenAIError as failure:
        error = explain(failure, model.location, model.name)
    except Exception as failure:  # whatever else the client throws must reach the caller
        error = ModelError(f"{model.location} failed: {one_line(failure)}.", "Check the service's log.")
    finally:
        feed.end(error)


def _usage(reported: CompletionUsage | None) -> Usage:
    if reported is None:
        return Usage()
    details = reported.prompt_tokens_details
    return Usage(reported.prompt_tokens, (details and details.cached_tokens) or 0, reported.completion_tokens)


def _shut_down(loop: asyncio.AbstractEventLoop, thread: threading.Thread, client: openai.AsyncOpenAI) -> None:
    asyncio.run_coroutine_threadsafe(_cancel_tasks(client), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _cancel_tasks(client: openai.AsyncOpenAI) -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await client.close()
