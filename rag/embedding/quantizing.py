"""Weights of a graph in eight bits: integers, and a scale for each output of a layer or row of a table.

OpenVINO multiplies them with activations that it rounds to eight bits itself, as it goes, in groups ("dynamic
quantization"), where the processor has instructions for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.embedding.openvino_runtime import load_openvino

_LARGEST = 127
# Of a smaller table, the positions for one, nothing is gained.
_LEAST_ROWS = 1024


def quantize_weights(graph: Any) -> None:  # noqa: ANN401 - the library's types are not strict
    """Replace the matrices that ``graph`` multiplies by, and its tables of tokens, by ones of eight bits and scales."""
    for layer_input, rows in _matrices(graph):
        layer_input.replace_source_output(_dequantized(rows).output(0))
    graph.validate_nodes_and_infer_types()


def _matrices(graph: Any) -> Iterator[tuple[Any, npt.NDArray[np.float32]]]:  # noqa: ANN401
    """Yield where a layer takes its weights, and these, with a row for each output or entry."""
    for node in graph.get_ordered_ops():
        kind = node.get_type_name()
        if kind == "MatMul" and node.get_attributes()["transpose_b"]:
            weights = _constant(node.input_value(1))
            if weights is not None and weights.ndim == 2:
                yield node.input(1), weights
        elif kind == "Gather":
            table = _constant(node.input_value(0))
            if table is not None and table.ndim == 2 and len(table) >= _LEAST_ROWS:
                yield node.input(0), table


def _constant(output: Any) -> npt.NDArray[np.float32] | None:  # noqa: ANN401
    """Return a constant, perhaps converted to another precision; None where it is computed."""
    node = output.get_node()
    if node.get_type_name() == "Convert":
        node = node.input_value(0).get_node()
    return node.get_data().astype(np.float32) if node.get_type_name() == "Constant" else None


def _dequantized(rows: npt.NDArray[np.float32]) -> Any:  # noqa: ANN401
    """Return the node that computes ``rows`` again, as near as eight bits come to them."""
    operations = load_openvino().opset13
    scales = np.abs(rows).max(axis=1, keepdims=True) / _LARGEST
    scales[scales == 0] = 1
    integers = operations.constant(np.round(rows / scales).astype(np.int8))
    return operations.multiply(operations.convert(integers, "f32"), operations.constant(scales.astype(np.float32)))
