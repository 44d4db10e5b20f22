"""Writing a sentence-transformers model in OpenVINO's format, whatever modules it is made of."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from sentence_transformers import SentenceTransformer

from rag.embedding.base import Embedder
from rag.embedding.model_files import ModelFiles
from rag.embedding.openvino_embedder import Description, OpenVinoEmbedder, model_path, vocabulary_path
from rag.embedding.openvino_runtime import INPUTS, load_openvino
from rag.embedding.prompts import PASSAGE_PROMPTS, QUERY_PROMPTS, prompt_of
from rag.embedding.quantizing import quantize_weights
from rag.embedding.sentence_transformer import (
    SentenceTransformerEmbedder,
    dimension_of,
    load_model,
    quiet_transformers,
    sequence_tokens,
)
from rag.embedding.vocabulary import write_vocabulary

# Eight bits lose .0006 of multilingual-e5-small; of a model that they do not suit, much more.
_LEAST_COSINE_QUANTIZED = 0.998
# Beside what bfloat16 loses, .0001, anything else is a model that was not understood.
_LEAST_COSINE = 0.995
_SAMPLE = (
    "A.",
    "Apple chose Alibaba as its partner for the iPhone in mainland China, The Information reported in February 2025.",
    "苹果选择阿里巴巴作为中国大陆市场的合作伙伴。",
    "GB 45438-2025 § 4.2; ¥1,234.5 ± 3 % — café, naïve, МОСКВА, 東京",
    "word " * 150,
)


def export(files: ModelFiles, folder: Path, *, quantized: bool) -> Description:
    """Write the model in ``files`` to ``folder``, whole or not at all, and return its description.

    ``quantized`` has it written in eight bits where that suits the model, else it is in half precision.
    A model that cannot be exported, or whose export embeds otherwise than it, is described as unfit.

    Raises:
        ModelError: the model does not load.
        OSError: ``folder`` cannot be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="export-", dir=folder.parent) as staging:
        written = Path(staging) / folder.name
        written.mkdir()
        description = _export(files, written, quantized=quantized)
        description.write(written)
        if Description.read(folder) is None:
            shutil.rmtree(folder, ignore_errors=True)
        try:
            written.rename(folder)
        except OSError:  # another process was as far at the same time
            if Description.read(folder) is None:
                raise
    return description


class _Pipeline(torch.nn.Module):
    """All modules of a model in a row: from the ids of tokens to unit vectors."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self._model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        features = self._model({"input_ids": input_ids, "attention_mask": attention_mask})
        return torch.nn.functional.normalize(features["sentence_embedding"], dim=1)


def _export(files: ModelFiles, folder: Path, *, quantized: bool) -> Description:
    model = load_model(files, "float32")
    description = Description(
        dimension=dimension_of(model),
        sequence_tokens=sequence_tokens(model),
        passage_prompt=prompt_of(model.prompts, PASSAGE_PROMPTS),
        query_prompt=prompt_of(model.prompts, QUERY_PROMPTS),
    )
    try:
        write_vocabulary(files.tokenizer, vocabulary_path(folder))
        graph = _traced(model)
        original = SentenceTransformerEmbedder(files)
        for candidate, least in _candidates(graph, quantized=quantized):
            _save(candidate, model_path(folder))
            cosine = _least_cosine(OpenVinoEmbedder(files, folder, description), original)
            if cosine >= least:
                return description
    except Exception as error:  # converting runs the model's own code
        return Description(unfit=" ".join(str(error).split())[:200])
    return Description(unfit=f"its vectors differ: cosine {cosine:.3f}")


def _traced(model: SentenceTransformer) -> Any:  # noqa: ANN401 - the library's types are not strict
    openvino = load_openvino()
    ids = torch.full((2, 16), 7)
    mask = torch.ones_like(ids)
    mask[1, 8:] = 0
    shapes = [(name, [-1, -1], openvino.Type.i64) for name in INPUTS]
    with quiet_transformers(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of tracing, about what depends on the example
        example = dict(zip(INPUTS, (ids, mask), strict=True))
        return openvino.convert_model(_Pipeline(model), example_input=example, input=shapes)


def _candidates(graph: Any, *, quantized: bool) -> Iterator[tuple[Any, float]]:  # noqa: ANN401
    """Yield the graphs to be tried, the preferred first, each with the least cosine to the model that it must reach."""
    if quantized:
        smaller = graph.clone()
        quantize_weights(smaller)
        yield smaller, _LEAST_COSINE_QUANTIZED
    yield graph, _LEAST_COSINE


def _save(graph: Any, path: Path) -> None:  # noqa: ANN401
    # Put in place of what was there, not written into it: the model before may still be mapped.
    for file in (path, path.with_suffix(".bin")):
        file.unlink(missing_ok=True)
    load_openvino().save_model(graph, str(path), compress_to_fp16=True)


def _least_cosine(one: Embedder, other: Embedder) -> float:
    """Return the least cosine of the two vectors of a text, of some that are embedded together and apart."""
    together = (one.embed_passages(_SAMPLE) * other.embed_passages(_SAMPLE)).sum(axis=1)
    apart = [(one.embed_queries([text]) * other.embed_queries([text])).sum() for text in _SAMPLE]
    return float(min(*together, *apart))
