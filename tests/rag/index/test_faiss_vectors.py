from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.embedding.base import Vectors
from rag.index.faiss_vectors import FaissVectors, VectorsWriter
from rag.index.partitions import Rows


def unit(vectors: NDArray[np.floating]) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def clustered(count: int, dimension: int, seed: int) -> Vectors:
    """Unit vectors around 100 centres, as passages lie around topics, in the precision in which they are stored."""
    centres = np.random.default_rng(0).normal(size=(100, dimension))
    random = np.random.default_rng(seed)
    vectors = unit(centres[random.integers(0, 100, count)] + 0.7 * random.normal(size=(count, dimension)))
    return vectors.astype(np.float16).astype(np.float32)


def written(path: Path, vectors: Vectors, exact_up_to: int) -> FaissVectors:
    writer = VectorsWriter(vectors.shape[1], exact_up_to)
    for part in np.array_split(vectors, 3):
        writer.add(part)
    writer.write(path)
    return FaissVectors.open(path)


def exact_rows(vectors: Vectors, query: Vectors, k: int) -> list[int]:
    return [int(row) for row in np.argsort(-(vectors @ query), kind="stable")[:k]]


def test_a_small_index_is_exact_and_scores_are_cosines(tmp_path: Path) -> None:
    vectors = clustered(500, 16, seed=1)
    index = written(tmp_path / "小.faiss", vectors, exact_up_to=500)
    query = clustered(1, 16, seed=2)[0]
    hits = index.search(query, 10)
    assert index.exact
    assert [row for row, _ in hits] == exact_rows(vectors, query, 10)
    assert [score for _, score in hits] == pytest.approx([float(vectors[row] @ query) for row, _ in hits], abs=1e-5)


def test_a_large_index_is_parted_and_finds_nearly_all(tmp_path: Path) -> None:
    vectors = clustered(20_000, 64, seed=1)
    index = written(tmp_path / "large.faiss", vectors, exact_up_to=19_999)
    queries = clustered(100, 64, seed=2)
    found = [len({row for row, _ in index.search(q, 10)} & set(exact_rows(vectors, q, 10))) for q in queries]
    assert not index.exact
    assert sum(found) / 1000 >= 0.98


@pytest.mark.parametrize("exact_up_to", [0, 1000])
def test_a_search_among_allowed_rows_is_exact_whatever_the_index(tmp_path: Path, exact_up_to: int) -> None:
    vectors = clustered(1000, 16, seed=1)
    index = written(tmp_path / "v.faiss", vectors, exact_up_to)
    query = clustered(1, 16, seed=3)[0]
    allowed = list(range(7, 1000, 31))
    expected = sorted(allowed, key=lambda row: -float(vectors[row] @ query))[:5]
    assert [row for row, _ in index.search(query, 5, Rows(allowed, 1000))] == expected
    assert index.search(query, 5, Rows([], 1000)) == []
    assert len(index.search(query, 100, Rows(allowed[:3], 1000))) == 3


@pytest.mark.parametrize("exact_up_to", [0, 1000])
def test_rows_that_were_gathered_are_found_as_before(tmp_path: Path, exact_up_to: int) -> None:
    index = written(tmp_path / "v.faiss", clustered(1000, 16, seed=1), exact_up_to)
    query = clustered(1, 16, seed=3)[0]
    often, once = Rows(range(5, 1000, 3), 1000), Rows(range(0, 1000, 7), 1000)
    before = [index.search(query, 20, among) for among in (often, once, None)]
    index.gather(often)
    for among, hits in zip((often, once, None), before, strict=True):
        found = index.search(query, 20, among)
        assert [row for row, _ in found] == [row for row, _ in hits]
        assert [score for _, score in found] == pytest.approx([score for _, score in hits], abs=1e-6)
    assert len(index.search(query, 1000, often)) == len(often)


def test_a_graph_is_used_where_many_rows_are_allowed_and_finds_nearly_all_of_them(tmp_path: Path) -> None:
    vectors = clustered(20_000, 64, seed=1)
    index = written(tmp_path / "large.faiss", vectors, exact_up_to=0)
    even = Rows(range(0, 20_000, 2), 20_000)
    queries = clustered(100, 64, seed=2)
    found = [[row for row, _ in index.search(query, 10, even)] for query in queries]
    wanted = [[2 * row for row in exact_rows(vectors[::2], query, 10)] for query in queries]
    assert not any(row % 2 for rows in found for row in rows)
    assert sum(len(set(a) & set(b)) for a, b in zip(found, wanted, strict=True)) / 1000 >= 0.98


@pytest.mark.parametrize("exact_up_to", [0, 1000])
def test_the_cosine_of_any_row_can_be_had(tmp_path: Path, exact_up_to: int) -> None:
    vectors = clustered(50, 16, seed=1)
    index = written(tmp_path / "v.faiss", vectors, exact_up_to)
    query = clustered(1, 16, seed=3)[0]
    assert index.cosines(query, [7, 3]) == pytest.approx({row: float(vectors[row] @ query) for row in (7, 3)}, abs=1e-5)
    assert index.cosines(query, []) == {}


@pytest.mark.parametrize("exact_up_to", [0, 1000])
def test_vectors_can_be_had_back(tmp_path: Path, exact_up_to: int) -> None:
    vectors = clustered(50, 16, seed=1)
    index = written(tmp_path / "v.faiss", vectors, exact_up_to)
    np.testing.assert_array_equal(index.vectors(10, 5), vectors[10:15])
    assert index.vectors(10, 0).shape == (0, 16)
    assert (len(index), index.dimension) == (50, 16)


def test_vectors_are_stored_in_half_precision(tmp_path: Path) -> None:
    vectors = unit(np.random.default_rng(5).normal(size=(200, 384)))
    index = written(tmp_path / "v.faiss", vectors, exact_up_to=1000)
    np.testing.assert_allclose(index.vectors(0, 200), vectors, rtol=2**-10, atol=2**-24)
    query = unit(np.random.default_rng(6).normal(size=(1, 384)))[0]
    cosines = [score for _, score in sorted(index.search(query, 200))]
    np.testing.assert_allclose(cosines, vectors @ query, atol=5e-5)
    assert (tmp_path / "v.faiss").stat().st_size < 200 * 384 * 2 + 1000


def test_equal_vectors_come_in_the_order_of_their_rows(tmp_path: Path) -> None:
    vectors = unit(np.ones((4, 8), np.float32))
    index = written(tmp_path / "v.faiss", vectors, exact_up_to=10)
    assert [row for row, _ in index.search(vectors[0], 4)] == [0, 1, 2, 3]


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = written(tmp_path / "v.faiss", np.empty((0, 8), np.float32), exact_up_to=10)
    assert index.search(np.ones(8, np.float32), 3) == []


def test_a_damaged_file_does_not_open(tmp_path: Path) -> None:
    (tmp_path / "v.faiss").write_bytes(b"not an index")
    with pytest.raises(RuntimeError):
        FaissVectors.open(tmp_path / "v.faiss")
