from __future__ import annotations

from pathlib import Path

import faiss
import numpy as np
import pytest

from rag.embedding.base import Vectors
from rag.index.partitions import Partitions, Rows, parts_of, probes_of, write_partitions


def lumps(count: int, lumps: int, seed: int) -> Vectors:
    """Unit vectors, each close to the axis of its lump: row r is in lump r % lumps."""
    vectors = 0.1 * np.random.default_rng(seed).normal(size=(count, lumps))
    vectors[np.arange(count), np.arange(count) % lumps] += 1
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def parted(path: Path, vectors: Vectors) -> Partitions:
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    write_partitions(flat, path)
    return Partitions.open(path)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return lumps(4000, 16, seed=1)


@pytest.fixture(scope="module")
def partitions(tmp_path_factory: pytest.TempPathFactory, vectors: Vectors) -> Partitions:
    return parted(tmp_path_factory.mktemp("parts") / "部分.faiss", vectors)


def test_the_candidates_hold_the_nearest(partitions: Partitions, vectors: Vectors) -> None:
    for row in range(0, 4000, 400):
        nearest = np.argsort(-(vectors @ vectors[row]))[:10]
        candidates = partitions.candidates(vectors[[row]], 40)
        assert len(candidates) == len(set(candidates)) == 40
        assert len(set(nearest.tolist()) & set(candidates)) >= 9


def test_parts_without_an_allowed_row_do_not_count(partitions: Partitions, vectors: Vectors) -> None:
    far = Rows(range(7, 4000, 16), 4000)  # one lump, as one language lies together
    for _ in range(2):
        found = partitions.candidates(vectors[[0]], 200, far)
        assert len(found) > 150
        assert {row % 16 for row in found} == {7}
    assert partitions.candidates(vectors[[0]], 5, Rows([3], 4000)) == [3]


def test_the_same_rows_make_the_same_file(tmp_path: Path, vectors: Vectors) -> None:
    for name in ("a", "b"):
        parted(tmp_path / name, vectors)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("count", [1, 40, 3000])
def test_few_rows_make_few_parts(tmp_path: Path, count: int) -> None:
    vectors = lumps(count, 8, seed=2)
    candidates = parted(tmp_path / "v", vectors).candidates(vectors[[0]], 3)
    assert 0 in candidates
    assert len(candidates) == min(count, 3)


def test_the_larger_the_index_the_more_is_looked_through() -> None:
    parts = [parts_of(count) for count in (1, 1_000, 50_000, 1_000_000, 10_000_000)]
    assert parts == sorted(set(parts))
    probes = [probes_of(count) for count in parts]
    assert probes == sorted(set(probes))
    assert all(0 < probe <= part for probe, part in zip(probes, parts, strict=True))


def test_a_damaged_file_does_not_open(tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"not an index")
    with pytest.raises(RuntimeError):
        Partitions.open(tmp_path / "v")
