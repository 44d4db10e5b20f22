"""Embedding with OpenVINO: a sentence-transformers model as ``rag.embedding.exporting`` has written it.

A question takes 5 ms where torch takes 13, and neither torch nor sentence-transformers is imported
(docs/decisions/0042-embedding-with-openvino.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np

from rag.embedding.base import Vectors
from rag.embedding.batches import in_batches
from rag.embedding.cores import Cores
from rag.embedding.identified import IdentifiedEmbedder
from rag.embedding.model_files import ModelFiles
from rag.embedding.openvino_runtime import CompiledModel
from rag.embedding.tokenizer_file import TokenizerFile
from rag.embedding.turns import Turns
from rag.embedding.vocabulary import Vocabulary

# To be raised when exports hold something else.
EXPORT_FORMAT = 2
_MODEL = "encoder.xml"
_DESCRIPTION = "encoder.json"
# A batch on each core is a fifth faster than all cores at one after another, but for that the model is compiled again.
_FEW_BATCHES = 8


@dataclass(frozen=True, slots=True)
class Description:
    """What of a model is not in its graph. ``unfit`` says why it is not to be used, where that is so."""

    dimension: int = 0
    sequence_tokens: int = 0
    passage_prompt: str = ""
    query_prompt: str = ""
    unfit: str = ""

    def write(self, folder: Path) -> None:
        """Write it to an export's folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        (folder / _DESCRIPTION).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Read that of an export; None where there is no export in ``folder``."""
        try:
            return cls(**json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None


def model_path(folder: Path) -> Path:
    """Return where an export in ``folder`` has its graph; its weights lie beside it."""
    return folder / _MODEL


def vocabulary_path(folder: Path) -> Path:
    """Return where an export in ``folder`` has the pieces of its tokenizer, if it is of the kind that has them."""
    return folder / "vocabulary"


class OpenVinoEmbedder(IdentifiedEmbedder):
    """An Embedder on the CPU. Safe to use from several threads; questions go first.

    ``folder`` holds the export of the model in ``files``, and ``description`` what was read there.
    """

    def __init__(self, files: ModelFiles, folder: Path, description: Description) -> None:
        self._described = description
        self._path = model_path(folder)
        tokens = TokenizerFile(
            files.tokenizer,
            description.sequence_tokens,
            description.passage_prompt,
            Vocabulary.open(vocabulary_path(folder)),
        )
        super().__init__(files, description.dimension, tokens)
        self._model = CompiledModel(self._path, "LATENCY")
        self._turns = Turns()

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 64, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Embed texts to be found: float32 of shape (len(texts), dimension), each row of length 1."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        ids = self._tokens.model_input([self._described.passage_prompt + text for text in texts])
        batches = in_batches([len(own) for own in ids], batch_size)
        few = len(batches) <= _FEW_BATCHES
        model = self._model if few else self._side_by_side

        def embed(rows: list[int]) -> int:
            self._turns.give_way()
            vectors[rows] = model.run([ids[row] for row in rows])
            return len(rows)

        # Side by side the longest first, so that the cores end together.
        for done in map(embed, batches) if few else self._cores.each(embed, reversed(batches)):
            if progress:
                progress(done)
        return vectors

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed questions: float32 of shape (len(texts), dimension), each row of length 1."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        ids = self._tokens.model_input([self._described.query_prompt + text for text in texts])
        with self._turns.hurried():
            return self._model.run(ids)

    @cached_property
    def _side_by_side(self) -> CompiledModel:
        return CompiledModel(self._path, "THROUGHPUT")

    @cached_property
    def _cores(self) -> Cores:
        return Cores(self._side_by_side.batches_at_once)
