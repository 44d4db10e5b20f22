"""llama.cpp in this process, through xllamacpp: the default on a CPU.

Generation runs through the library's in-process handlers. Tokens are counted through its HTTP listener, which it always
opens: on the loopback interface, on a random port, behind a random key.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import psutil
import xllamacpp

from rag.domain import Message, ModelInfo, Usage
from rag.errors import ModelError
from rag.generation.background import in_background
from rag.generation.context_limit import context_overflow
from rag.generation.first_token import REPORTED_TOKENS, sum_spellings
from rag.generation.llama_replies import error_of, raise_for
from rag.generation.mapped_pages import give_back
from rag.generation.plain_text import plain_messages, plain_text
from rag.generation.slots import Slots
from rag.generation.state_files import StateFiles
from rag.generation.streaming import FedStream, Feed, Workers
from rag.models.installation import hash_file
from rag.models.references import ModelReference
from rag.settings import GenerationSettings

# A cancel is heeded between two batches: 64 tokens of prompt take under a second on two cores.
_PREFILL_BATCH = 64

# Of a first token that is half a character, or ends the answer, the library withholds the distribution: so another is
# chosen. What it reports are the probabilities before that.
_WHOLE_TOKEN = ("A", 100)


class LlamaCppGenerator:
    """A GGUF model. Each slot decodes one answer; a stream past the last slot waits for one to come free."""

    def __init__(self, model: ModelReference, settings: GenerationSettings, states_dir: Path | None = None) -> None:
        """Load the model. What it computed of prompts' beginnings is kept in ``states_dir``, or while it is loaded.

        Raises:
            ModelError: the file is damaged, of an unknown architecture, or memory does not suffice.
        """
        self._model = model
        self._settings = settings
        key = secrets.token_urlsafe(32)
        self._states = StateFiles(states_dir, round(settings.states_gib * (1 << 30)), _states_key(model, settings))
        self._slots = Slots(settings.parallel_slots, self._running_server, self._post, self._states)
        self._server: Any = _start_server(model, settings, key, self._states.folder)
        self._http = httpx.Client(
            base_url=self._server.listening_address,
            headers={"Authorization": f"Bearer {key}"},
            timeout=None,  # noqa: S113 - the other end is this process
            trust_env=False,  # a proxy in the environment must not see loopback calls
        )
        self._workers = Workers()
        # At exit too: a thread inside the library while the interpreter goes down would crash it.
        self._stop_workers = weakref.finalize(self, self._workers.stop)
        self.context_tokens: int = self._http.get("/props").json()["default_generation_settings"]["n_ctx"]

    @cached_property
    def info(self) -> ModelInfo:
        """Which model this is; hashes the file where its hash is not known beforehand."""
        return ModelInfo(self._model.name, self._model.sha256 or hash_file(Path(self._model.location)), "llama_cpp")

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = (), opening: str = ""
    ) -> FedStream:
        """Start answering ``messages``.

        Raises:
            ModelError: the prompt does not fit the context, or the generator is closed.
        """
        request = self._request(messages, max_tokens=max_tokens) | {
            "stop": list(stop),
            "stream": True,
            "return_progress": True,
            "timings_per_token": True,
        }
        return self._workers.start(lambda feed: self._feed(request, plain_text(opening), feed))

    def read_ahead(self, messages: Sequence[Message], opening: str) -> FedStream | None:
        """Start to compute and keep what prompts have in common that begin so; None where there is no room for it."""
        request = _chat(messages)
        if self._states.is_full and not self._slots.know(request, plain_text(opening)):
            return None

        def read(feed: Feed) -> None:
            with self._slots.begun(request, plain_text(opening), feed):
                pass

        return self._workers.start(read)

    def first_token_logprobs(
        self, messages: Sequence[Message], candidates: Sequence[str]
    ) -> tuple[Mapping[str, float], Usage]:
        """Return the natural-log probability of each candidate as the first token, before sampling."""
        request = self._request(messages, max_tokens=1) | {
            "logprobs": True,
            "top_logprobs": REPORTED_TOKENS,
            "logit_bias": [_WHOLE_TOKEN],
        }
        with self._slots.begun(request, "", Feed()) as place:
            reply = self._running_server().handle_chat_completions(request | place)
        raise_for(reply)
        usage = reply["usage"]
        cached = usage["prompt_tokens_details"]["cached_tokens"]
        first = reply["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        reported = [(entry["token"], entry["logprob"]) for entry in first]
        return sum_spellings(reported, candidates), Usage(usage["prompt_tokens"], cached, usage["completion_tokens"])

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``."""
        return len(self._post("/tokenize", {"content": plain_text(text), "add_special": False})["tokens"])

    def close(self) -> None:
        """Cancel what runs and free the model."""
        self._stop_workers()
        self._http.close()
        self._server = None
        self._states.close()

    def _request(self, messages: Sequence[Message], *, max_tokens: int) -> dict[str, Any]:
        request = _chat(messages)
        prompt_tokens = self._post("/v1/chat/completions/input_tokens", request)["input_tokens"]
        if prompt_tokens >= self.context_tokens:
            raise context_overflow(prompt_tokens, self.context_tokens)
        return request | {
            "max_tokens": max_tokens,
            "temperature": self._settings.temperature,
            "seed": self._settings.seed,
        }

    def _feed(self, request: Mapping[str, Any], opening: str, feed: Feed) -> None:
        server = self._running_server()
        with self._slots.begun(request, opening, feed) as place:
            if not feed.cancelled:
                server.handle_chat_completions({**request, **place}, _relay(feed))

    def _running_server(self) -> Any:  # noqa: ANN401 - the library has no types
        if self._server is None:
            raise ModelError("The generator is closed.", "Open it again.")
        return self._server

    def _post(self, route: str, body: Mapping[str, object]) -> dict[str, Any]:
        self._running_server()
        reply: dict[str, Any] = self._http.post(route, json=body).json()
        raise_for(reply)
        return reply


def _chat(messages: Sequence[Message]) -> dict[str, Any]:
    # A model that can think aloud would spend the whole answer on it.
    return {"messages": plain_messages(messages), "chat_template_kwargs": {"enable_thinking": False}}


def _states_key(model: ModelReference, settings: GenerationSettings) -> str:
    """Return what tells the states of one model, read by one version of the library, from all others.

    A server does not take those of one with another number of slots.
    """
    stat = Path(model.location).stat()
    weights = model.sha256 or f"{model.location} {stat.st_size} {stat.st_mtime_ns}"
    made_with = f"{weights} {version('xllamacpp')} {_PREFILL_BATCH} {settings.parallel_slots}"
    return hashlib.sha256(made_with.encode()).hexdigest()[:16]


def _start_server(model: ModelReference, settings: GenerationSettings, key: str, slot_folder: Path) -> Any:  # noqa: ANN401 - no types
    threads = settings.threads or psutil.cpu_count(logical=False) or 1
    params = xllamacpp.CommonParams()
    params.model.path = model.location
    params.n_ctx = settings.context_tokens * settings.parallel_slots
    params.n_parallel = settings.parallel_slots
    params.n_batch = params.n_ubatch = max(_PREFILL_BATCH, 2 * settings.parallel_slots)
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.cache_ram_mib = 0
    params.slot_save_path = f"{slot_folder}{os.sep}"
    params.api_keys = [key]
    params.fit_params = params.ui = params.endpoint_slots = False
    params.verbosity = 0
    try:
        server = in_background(lambda: xllamacpp.Server(params))
    except RuntimeError as error:
        raise ModelError(
            f"{model.location} does not load: damaged, of an unknown architecture, or too large for the memory.",
            "Run `pincite models verify`; free memory, or set a smaller generation.context_tokens or parallel_slots.",
        ) from error
    give_back(Path(model.location))
    return server


def _relay(feed: Feed) -> Callable[[dict[str, Any]], bool]:
    """Return the library's callback, which returns True to cancel. What it raises would be swallowed."""

    def relay(event: dict[str, Any]) -> bool:
        error = error_of(event)
        if error is not None:
            feed.end(error)
            return True
        if timings := event.get("timings"):
            cached, fresh = timings["cache_n"], timings["prompt_n"]
            feed.usage = Usage(cached + fresh, cached, timings["predicted_n"])
        for choice in event["choices"]:
            feed.put(choice["delta"].get("content") or "")
        return feed.cancelled

    return relay
