"""Candidates for a vector search among many rows: an inverted file over one byte a component.

The rows are parted by k-means, and the parts nearest to the query are looked through (Sivic and Zisserman, 2003). Their
vectors are kept in a quarter of the memory (faiss's scalar quantizer), so what is found is to be compared exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from rag.embedding.base import Vectors

if TYPE_CHECKING:
    from faiss import Index, IndexIVFScalarQuantizer

# k-means learns from so many rows a part, fewer than its default: twice as fast, and nothing is lost.
_LEARNED_FROM = 64
_FEWEST_IN_PART = 39
_ROUNDS = 10
_COPIED_AT_ONCE = 10_000


class Rows:
    """Rows to search among, made once for any number of searches in an index of ``count`` rows."""

    def __init__(self, rows: Sequence[int] | NDArray[np.integer], count: int) -> None:
        import faiss  # noqa: PLC0415 - heavy

        self.numbers = np.unique(np.asarray(rows, np.int64))
        chosen = np.zeros(count, np.bool_)
        chosen[self.numbers] = True
        # The stubs know the constructor of C++, not that of Python.
        self.selector = faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))  # type: ignore[call-arg, arg-type]

    def __len__(self) -> int:
        return len(self.numbers)


def parts_of(count: int) -> int:
    """Return into how many parts ``count`` rows are parted: the usual four times the root, none of them tiny."""
    return max(1, min(4 * isqrt(count), count // _FEWEST_IN_PART))


def probes_of(parts: int) -> int:
    """Return how many of ``parts`` are looked through: what keeps recall@10 at 0.98 or more."""
    return min(parts, 3 * isqrt(parts))


class Partitions:
    """The parts of one index. Safe to search from several threads."""

    def __init__(self, index: IndexIVFScalarQuantizer) -> None:
        self._index = index
        self._part_of = _part_of_each(index)
        self._holding: WeakKeyDictionary[Rows, Rows] = WeakKeyDictionary()

    @classmethod
    def open(cls, path: Path) -> Partitions:
        """Open a file that ``write_partitions`` wrote.

        Raises:
            RuntimeError: the file is damaged.
        """
        import faiss  # noqa: PLC0415 - heavy

        return cls(faiss.read_index(str(path)))  # type: ignore[arg-type]

    def candidates(self, query: Vectors, k: int, among: Rows | None = None) -> list[int]:
        """Return about the ``k`` rows nearest to ``query`` of shape (1, dimension).

        Parts that hold none of ``among`` do not count: passages of one language lie together.
        """
        import faiss  # noqa: PLC0415 - heavy

        probes = probes_of(self._index.nlist)
        if among is None:
            parameters = faiss.IVFSearchParameters(nprobe=probes)  # type: ignore[call-arg]
        else:
            parts = self._parts_holding(among)
            within = faiss.SearchParameters(sel=parts.selector)  # type: ignore[call-arg]
            parameters = faiss.IVFSearchParameters(  # type: ignore[call-arg]
                sel=among.selector, nprobe=min(probes, len(parts)), quantizer_params=within
            )
        _, rows = self._index.search(query, k, params=parameters)
        return [int(row) for row in rows[0] if row >= 0]

    def _parts_holding(self, among: Rows) -> Rows:
        parts = self._holding.get(among)
        if parts is None:
            parts = self._holding[among] = Rows(self._part_of[among.numbers], self._index.nlist)
        return parts


def write_partitions(flat: Index, path: Path) -> None:
    """Part the rows of ``flat`` and write the file."""
    import faiss  # noqa: PLC0415 - heavy

    count, dimension = flat.ntotal, flat.d
    quantizer = faiss.IndexFlatIP(dimension)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, dimension, parts_of(count), faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.max_points_per_centroid, index.cp.niter, index.cp.spherical = _LEARNED_FROM, _ROUNDS, True
    index.train(_sample(flat, parts_of(count) * _LEARNED_FROM))
    for start in range(0, count, _COPIED_AT_ONCE):
        index.add(flat.reconstruct_n(start, min(_COPIED_AT_ONCE, count - start)))
    faiss.write_index(index, str(path))


def _sample(flat: Index, most: int) -> Vectors:
    count = flat.ntotal
    rows = np.arange(count) if count <= most else np.random.default_rng(7).choice(count, most, replace=False)
    sample: Vectors = flat.reconstruct_batch(np.sort(rows))
    return sample


def _part_of_each(index: IndexIVFScalarQuantizer) -> NDArray[np.int32]:
    import faiss  # noqa: PLC0415 - heavy

    part_of = np.zeros(index.ntotal, np.int32)
    lists: Any = index.invlists
    for part in range(index.nlist):
        if size := lists.list_size(part):
            part_of[faiss.rev_swig_ptr(lists.get_ids(part), size)] = part
    return part_of
