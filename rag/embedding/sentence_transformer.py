"""Embedding with sentence-transformers: any model in its format, from a folder or the hub."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from rag.domain import Span
from rag.embedding.base import Vectors
from rag.embedding.batches import in_batches
from rag.embedding.cores import Cores
from rag.embedding.prompts import PASSAGE_PROMPTS, QUERY_PROMPTS, prompt_of
from rag.embedding.token_counter import TokenizerFile
from rag.embedding.turns import Turns
from rag.errors import ModelError
from rag.models.installation import hash_file
from rag.models.references import ModelReference

# What processors call their instructions that multiply bfloat16.
_BFLOAT16 = ("avx512_bf16", "amx_bf16", "bf16")
# What a model needs; pickled weights and the exports for other runtimes stay on the hub.
_HUB_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]


class SentenceTransformerEmbedder:
    """An Embedder on the CPU. Safe to use from several threads; questions go first.

    Computes in bfloat16 where the processor multiplies it in hardware (twice as fast, cosine .9999 to float32), in
    float32 elsewhere.
    """

    def __init__(self, reference: ModelReference) -> None:
        self._reference = reference
        self._folder = _hub_folder(reference.location) if reference.kind == "hub" else Path(reference.location)
        self._model = _load(self._folder, reference.name)
        self._passage_prompt = prompt_of(self._model.prompts, PASSAGE_PROMPTS)
        self._query_prompt = prompt_of(self._model.prompts, QUERY_PROMPTS)
        self._tokenizing = threading.Lock()  # its padding changes with each batch
        self._turns = Turns()
        self._cores = Cores()

    @property
    def name(self) -> str:
        """The name it was asked for by."""
        return self._reference.name

    @cached_property
    def sha256(self) -> str:
        """The catalog's hash of the weights; for other models, a hash over the weight files of the folder."""
        return self._reference.sha256 or _hash_weights(self._folder)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """The most tokens of a passage's own text that fit beside the prompt and the special tokens."""
        return self._tokens.max_tokens

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of ``text``."""
        return self._tokens.count_tokens(text)

    def token_spans(self, text: str) -> list[Span]:
        """Return each token's span in ``text``, in order."""
        return self._tokens.token_spans(text)

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 64, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Embed texts to be found: float32 of shape (len(texts), dimension), each row of length 1."""
        vectors = np.empty((len(texts), self.dimension), np.float32)

        def embed(rows: list[int]) -> int:
            self._turns.give_way()
            vectors[rows] = self._encode([texts[row] for row in rows], self._passage_prompt)
            return len(rows)

        batches = in_batches([self.count_tokens(text) for text in texts], batch_size)
        # A batch on each core is faster than all cores on one after another; a single one gets them all.
        for done in map(embed, batches) if len(batches) == 1 else self._cores.each(embed, batches):
            if progress:
                progress(done)
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions: float32 of shape (len(texts), dimension), each row of length 1."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        with self._turns.hurried():
            return self._encode(texts, self._query_prompt)

    @cached_property
    def _tokens(self) -> TokenizerFile:
        # Apart from the model's own tokenizer object, whose truncation changes while it encodes.
        limit = self._model.get_max_seq_length() or self._model.tokenizer.model_max_length
        return TokenizerFile(self._folder / "tokenizer.json", limit, self._passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        # The steps of `encode`, which looks through all parameters of the model on every call, for 3 ms a question.
        with self._tokenizing:
            features = self._model.preprocess(texts, prompt=prompt)
        with torch.inference_mode():
            vectors = self._model(features)["sentence_embedding"].float()
            # Made unit in float32: in bfloat16 the lengths would be off by half a percent.
            return np.asarray(torch.nn.functional.normalize(vectors, dim=1).numpy(), np.float32)


def _load(folder: Path, name: str) -> SentenceTransformer:
    try:
        with _quiet_transformers():
            model = SentenceTransformer(
                str(folder), device="cpu", local_files_only=True, model_kwargs={"dtype": _fastest_dtype()}
            )
            return model.eval()
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelError(
            f"The embedder {name} cannot be loaded from {folder}: {reason}", "Run: pincite doctor"
        ) from error


def _fastest_dtype() -> str:
    capabilities = torch.cpu.get_capabilities()
    return "bfloat16" if any(capabilities.get(name) for name in _BFLOAT16) else "float32"


def _hub_folder(hub_id: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - only for models of the hub
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    try:
        return Path(snapshot_download(hub_id, allow_patterns=_HUB_FILES))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            f"The model {hub_id} cannot be had from the Hugging Face Hub: {str(error).splitlines()[0]}",
            "Check the name and the network, or choose an embedder of `pincite models list`.",
        ) from error


def _hash_weights(folder: Path) -> str:
    files = sorted([*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")])
    lines = [f"{hash_file(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@contextmanager
def _quiet_transformers() -> Iterator[None]:
    verbosity, bars = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity(logging.ERROR)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        transformers_logging.set_verbosity(verbosity)
        if bars:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
