"""OpenVINO, the runtime that embeds: a compiled model, and requests to it from several threads."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any, Literal

import numpy as np

from rag.embedding.base import Vectors

INPUTS = ("input_ids", "attention_mask")
# Fewer are more exact and slower (docs/decisions/0044-eight-bits-to-embed.md).
_ACTIVATIONS_TO_A_SCALE = 128
# A batch of another shape than the one before costs a millisecond, so there are few shapes.
_PADDED_TO = 8
# The library sets itself up in its first use: two threads at once would wait for each other forever.
_FIRST_USE = Lock()


@cache
def load_openvino() -> Any:  # noqa: ANN401 - its types are not strict
    """Import OpenVINO, but not the package that reports the use of it to its makers."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino  # noqa: PLC0415 - only after the line above

    return openvino


class CompiledModel:
    """A model compiled for the processor. Safe to use from threads.

    Where the processor has instructions for it, weights of eight bits are multiplied with activations of eight bits;
    the rest is done in bfloat16.

    Args:
        path: the model in OpenVINO's format, made by ``rag.embedding.exporting``.
        hint: whether all cores work at one batch (``LATENCY``), or each at one of its own (``THROUGHPUT``).
    """

    def __init__(self, path: Path, hint: Literal["LATENCY", "THROUGHPUT"]) -> None:
        # Not bound to cores: the threads of the language model run beside these.
        options = {
            "PERFORMANCE_HINT": hint,
            "ENABLE_CPU_PINNING": "NO",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": _ACTIVATIONS_TO_A_SCALE,
        }
        self._compiled = load_openvino().Core().compile_model(str(path), "CPU", options)
        self._idle: SimpleQueue[Any] = SimpleQueue()
        with _FIRST_USE:
            self.run([[0]])

    @property
    def batches_at_once(self) -> int:
        """How many batches it is best given at once."""
        return int(self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))

    def run(self, ids: Sequence[Sequence[int]]) -> Vectors:
        """Return the vectors of texts, given by their token ids: float32 of shape (len(ids), dimension)."""
        shape = (len(ids), -(-max(map(len, ids)) // _PADDED_TO) * _PADDED_TO)
        tokens, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, own in enumerate(ids):
            tokens[row, : len(own)] = own
            mask[row, : len(own)] = 1
        try:
            request = self._idle.get_nowait()
        except Empty:
            request = self._compiled.create_infer_request()
        try:
            inputs = dict(zip(INPUTS, (tokens, mask), strict=True))
            return np.array(request.infer(inputs, share_inputs=True, share_outputs=True)[0], np.float32)
        finally:
            self._idle.put(request)
