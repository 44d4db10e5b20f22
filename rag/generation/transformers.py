"""Any causal language model that transformers can load, on a GPU where there is one.

Calls are served one after the other. A cancel is heeded after each token, so a long prompt is read to its end first;
the caller's iteration ends at once all the same.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from jinja2 import TemplateError
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GenerationConfig,
    StoppingCriteria,
    StoppingCriteriaList,
)
from transformers.generation.streamers import BaseStreamer

from rag.domain import Message, ModelInfo, Usage
from rag.errors import ModelError
from rag.generation.context_limit import context_overflow
from rag.generation.first_token import REPORTED_TOKENS, sum_spellings
from rag.generation.plain_text import plain_messages, plain_text
from rag.generation.stop_strings import StopStrings
from rag.generation.streaming import FedStream, Feed, Workers, one_line
from rag.models.installation import hash_file
from rag.models.references import ModelReference
from rag.settings import GenerationSettings


class TransformersGenerator:
    """A model folder, a hub id, or a GGUF file (which is unpacked to full size in memory)."""

    def __init__(self, model: ModelReference, settings: GenerationSettings) -> None:
        """Load the model.

        Raises:
            ModelError: it is not there, damaged, of an unknown architecture, or has no chat template.
        """
        self._reference = model
        self._settings = settings
        self._lock = threading.Lock()
        self._workers = Workers()
        self._tokenizer, self._model = _load(model)
        window = getattr(self._model.config, "max_position_embeddings", settings.context_tokens)
        self.context_tokens: int = min(settings.context_tokens, window)

    @cached_property
    def info(self) -> ModelInfo:
        """Which model this is. The hash is that of a single weights file, and empty where there are several."""
        sha256 = self._reference.sha256 or _hash_of_weights(Path(self._reference.location))
        return ModelInfo(self._reference.name, sha256, "transformers")

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = (), opening: str = ""
    ) -> FedStream:
        """Start answering ``messages``.

        Raises:
            ModelError: the prompt does not fit the context, or the generator is closed.
        """
        prompt = self._encode(messages)
        return self._workers.start(lambda feed: self._generate(prompt, max_tokens, stop, feed))

    def first_token_logprobs(
        self, messages: Sequence[Message], candidates: Sequence[str]
    ) -> tuple[Mapping[str, float], Usage]:
        """Return the natural-log probability of each candidate as the first token, from one forward pass."""
        prompt = self._encode(messages)
        with self._lock, torch.inference_mode():
            logits = self._model(prompt, logits_to_keep=1).logits[0, -1]
        logprobs, ids = torch.log_softmax(logits.float(), dim=-1).topk(min(REPORTED_TOKENS, logits.shape[-1]))
        tokens = self._tokenizer.batch_decode(ids.unsqueeze(-1))
        reported = zip(tokens, logprobs.tolist(), strict=True)
        return sum_spellings(reported, candidates), Usage(prompt.shape[-1], 0, 1)

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``."""
        return len(self._tokenizer.encode(plain_text(text), add_special_tokens=False))

    def close(self) -> None:
        """Cancel what runs and free the model."""
        self._workers.stop()
        self._model = None

    def _encode(self, messages: Sequence[Message]) -> torch.Tensor:
        """Return the prompt's token ids, of shape (1, prompt tokens)."""
        if self._model is None:
            raise ModelError("The generator is closed.", "Open it again.")
        prompt: torch.Tensor = _apply_template(self._tokenizer, plain_messages(messages))
        if prompt.shape[-1] >= self.context_tokens:
            raise context_overflow(prompt.shape[-1], self.context_tokens)
        return prompt.to(self._model.device)

    def _generate(self, prompt: torch.Tensor, max_tokens: int, stop: Sequence[str], feed: Feed) -> None:
        temperature = self._settings.temperature
        defaults = self._model.generation_config
        config = GenerationConfig(  # type: ignore[no-untyped-call]
            max_new_tokens=min(max_tokens, self.context_tokens - prompt.shape[-1]),
            do_sample=temperature > 0,
            temperature=temperature or None,
            eos_token_id=defaults.eos_token_id,
            pad_token_id=defaults.pad_token_id if defaults.pad_token_id is not None else self._tokenizer.eos_token_id,
        )
        streamer = _Streamer(self._tokenizer, feed, StopStrings(stop))
        devices = [self._model.device] if self._model.device.type == "cuda" else []
        with self._lock, torch.inference_mode(), torch.random.fork_rng(devices=devices):
            if feed.cancelled:
                return
            torch.manual_seed(self._settings.seed)
            self._model.generate(
                prompt,
                attention_mask=torch.ones_like(prompt),
                generation_config=config,
                streamer=streamer,
                stopping_criteria=StoppingCriteriaList([_StopWhenDone(streamer)]),
            )


class _Streamer(BaseStreamer):
    """Passes text on to a feed, whole characters at a time, up to a stop string."""

    def __init__(self, tokenizer: Any, feed: Feed, stop: StopStrings) -> None:  # noqa: ANN401 - untyped library
        self._tokenizer = tokenizer
        self._feed = feed
        self._stop = stop
        self._ids: list[int] = []
        self._shown = 0
        self._past_prompt = False

    @property
    def done(self) -> bool:
        """Whether nothing more is wanted."""
        return self._feed.cancelled or self._stop.reached

    def put(self, value: torch.Tensor) -> None:
        """Take the prompt, then one token at a time."""
        if not self._past_prompt:
            self._past_prompt = True
            self._feed.usage += Usage(prompt_tokens=value.numel())
            return
        self._feed.usage += Usage(completion_tokens=value.numel())
        self._ids += value.flatten().tolist()
        text = self._text()
        if not text.endswith("\ufffd"):  # the first bytes of a character
            self._feed.put(self._stop.take(text[self._shown :]))
            self._shown = len(text)

    def end(self) -> None:
        """Pass on what was held back."""
        self._feed.put(self._stop.take(self._text()[self._shown :]))
        self._feed.put(self._stop.rest())

    def _text(self) -> str:
        text: str = self._tokenizer.decode(self._ids, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return text


class _StopWhenDone(StoppingCriteria):
    def __init__(self, streamer: _Streamer) -> None:
        self._streamer = streamer

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor, **_: object) -> torch.BoolTensor:
        return torch.full((input_ids.shape[0],), self._streamer.done, device=input_ids.device, dtype=torch.bool)  # type: ignore[return-value]


def _load(model: ModelReference) -> tuple[Any, Any]:
    weights: Any
    path = Path(model.location)
    where, options = (str(path.parent), {"gguf_file": path.name}) if model.kind == "gguf" else (model.location, {})
    try:
        tokenizer = AutoTokenizer.from_pretrained(where, **options)
        weights = AutoModelForCausalLM.from_pretrained(where, dtype="auto", **options)
    except Exception as error:  # the library raises many kinds, by what is wrong with the files
        raise ModelError(
            f"{model.location} does not load: {one_line(error)}.",
            "Check the folder or file; a hub model needs the network the first time, a GGUF file the package gguf.",
        ) from error
    if not tokenizer.chat_template:
        raise ModelError(f"{model.name} has no chat template.", "Choose a model tuned for chat (instruct).")
    return tokenizer, weights.eval().to("cuda" if torch.cuda.is_available() else "cpu")


def _apply_template(tokenizer: Any, messages: list[dict[str, str]]) -> Any:  # noqa: ANN401 - the library is untyped
    options: dict[str, Any] = {
        "add_generation_prompt": True,
        "return_tensors": "pt",
        "return_dict": False,
        # A model that can think aloud would spend the whole answer on it.
        "enable_thinking": False,
    }
    try:
        return tokenizer.apply_chat_template(messages, **options)
    except TemplateError:  # some templates know no system role: what it says then opens the user's first turn
        return tokenizer.apply_chat_template(_without_system(messages), **options)


def _without_system(messages: list[dict[str, str]]) -> list[dict[str, str]]:
    if len(messages) < 2 or messages[0]["role"] != "system":
        return messages
    system, first, *rest = messages
    return [{"role": first["role"], "content": f"{system['content']}\n\n{first['content']}"}, *rest]


def _hash_of_weights(location: Path) -> str:
    files = [location] if location.is_file() else list(location.glob("*.safetensors"))
    return hash_file(files[0]) if len(files) == 1 else ""
