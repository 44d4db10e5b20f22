from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rag.embedding.openvino_runtime import load_openvino
from rag.embedding.quantizing import quantize_weights

ROWS, WIDTH = 2048, 48


def a_graph(table: np.ndarray, weights: np.ndarray, small: np.ndarray) -> Any:  # noqa: ANN401 - the library's types are not strict
    """Looks rows up in two tables, multiplies their sum by weights, and that by itself."""
    openvino = load_openvino()
    operations = openvino.opset13
    ids = operations.parameter([-1], openvino.Type.i64, "ids")
    zero = operations.constant(np.int64(0))
    looked_up = operations.add(
        operations.gather(operations.constant(table), ids, zero),
        operations.gather(operations.constant(small), operations.constant(np.zeros(1, np.int64)), zero),
    )
    hidden = operations.matmul(looked_up, operations.constant(weights), transpose_a=False, transpose_b=True)
    return openvino.Model([operations.matmul(hidden, hidden, transpose_a=False, transpose_b=True)], [ids], "graph")


def integers_of(graph: Any) -> list[tuple[int, ...]]:  # noqa: ANN401
    constants = [node for node in graph.get_ordered_ops() if node.get_type_name() == "Constant"]
    return sorted(tuple(node.shape) for node in constants if node.get_element_type() == load_openvino().Type.i8)


def test_large_tables_and_weights_are_kept_in_eight_bits_and_compute_nearly_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    table, weights = (rng.normal(size=(n, WIDTH)).astype(np.float32) for n in (ROWS, 64))
    table[7] = 0  # a row without a scale
    graph = a_graph(table, weights, np.ones((4, WIDTH), np.float32))
    ids = np.array([3, 7, 2047])
    core = load_openvino().Core()
    before = core.compile_model(graph, "CPU")([ids])[0]
    quantize_weights(graph)
    assert integers_of(graph) == [(64, WIDTH), (ROWS, WIDTH)]
    load_openvino().save_model(graph, str(tmp_path / "graph.xml"), compress_to_fp16=True)
    after = core.compile_model(str(tmp_path / "graph.xml"), "CPU")([ids])[0]
    assert np.abs(after - before).max() < 0.03 * np.abs(before).max()
    assert not np.array_equal(after, before)
