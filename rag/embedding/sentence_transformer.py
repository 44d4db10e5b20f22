"""Embedding with sentence-transformers in torch: any model in its format."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, TypeAlias

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from rag.embedding.base import Vectors
from rag.embedding.batches import in_batches
from rag.embedding.identified import IdentifiedEmbedder
from rag.embedding.model_files import ModelFiles
from rag.embedding.prompts import PASSAGE_PROMPTS, QUERY_PROMPTS, prompt_of
from rag.embedding.tokenizer_file import TokenizerFile
from rag.embedding.turns import Turns
from rag.errors import ModelError

_Dtype: TypeAlias = Literal["bfloat16", "float32"]
# What processors call their instructions that multiply bfloat16.
_BFLOAT16 = ("avx512_bf16", "amx_bf16", "bf16")


class SentenceTransformerEmbedder(IdentifiedEmbedder):
    """An Embedder on the CPU. Safe to use from several threads; questions go first.

    Computes in bfloat16 where the processor multiplies it in hardware (twice as fast, cosine .9999 to float32), in
    float32 elsewhere.
    """

    def __init__(self, files: ModelFiles) -> None:
        self._model = load_model(files, _fastest_dtype())
        self._passage_prompt = prompt_of(self._model.prompts, PASSAGE_PROMPTS)
        self._query_prompt = prompt_of(self._model.prompts, QUERY_PROMPTS)
        # Its tokenizer file is apart from the model's own tokenizer object, whose truncation changes while it encodes.
        tokens = TokenizerFile(files.tokenizer, sequence_tokens(self._model), self._passage_prompt)
        super().__init__(files, dimension_of(self._model), tokens)
        self._tokenizing = threading.Lock()  # its padding changes with each batch
        self._turns = Turns()

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 64, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Embed texts to be found: float32 of shape (len(texts), dimension), each row of length 1."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for rows in in_batches([self.count_tokens(text) for text in texts], batch_size):
            self._turns.give_way()
            vectors[rows] = self._encode([texts[row] for row in rows], self._passage_prompt)
            if progress:
                progress(len(rows))
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions: float32 of shape (len(texts), dimension), each row of length 1."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        with self._turns.hurried():
            return self._encode(texts, self._query_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        # The steps of `encode`, which looks through all parameters of the model on every call, for 3 ms a question.
        with self._tokenizing:
            features = self._model.preprocess(texts, prompt=prompt)
        with torch.inference_mode():
            vectors = self._model(features)["sentence_embedding"].float()
            # Made unit in float32: in bfloat16 the lengths would be off by half a percent.
            return np.asarray(torch.nn.functional.normalize(vectors, dim=1).numpy(), np.float32)


def load_model(files: ModelFiles, dtype: _Dtype) -> SentenceTransformer:
    """Load a model for inference on the CPU, printing nothing and asking no network.

    Raises:
        ModelError: the folder holds no such model, or a damaged one.
    """
    try:
        with quiet_transformers():
            model = SentenceTransformer(
                str(files.folder), device="cpu", local_files_only=True, model_kwargs={"dtype": dtype}
            )
            return model.eval()
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelError(
            f"The embedder {files.name} cannot be loaded from {files.folder}: {reason}", "Run: pincite doctor"
        ) from error


def dimension_of(model: SentenceTransformer) -> int:
    """Return the length of the vectors of ``model``."""
    return int(model.get_embedding_dimension() or 0)


def sequence_tokens(model: SentenceTransformer) -> int:
    """Return the most tokens that ``model`` takes at once, prompt and special tokens included."""
    return int(model.get_max_seq_length() or model.tokenizer.model_max_length)


def _fastest_dtype() -> _Dtype:
    capabilities = torch.cpu.get_capabilities()
    return "bfloat16" if any(capabilities.get(name) for name in _BFLOAT16) else "float32"


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Have transformers print neither warnings nor bars meanwhile."""
    verbosity, bars = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity(logging.ERROR)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        transformers_logging.set_verbosity(verbosity)
        if bars:
            transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
