"""Vector search with FAISS: exact while the corpus is small, a navigable graph when it is large."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.embedding.base import Vectors

if TYPE_CHECKING:
    from faiss import Index

_COPIED_AT_ONCE = 10_000
# The share of a graph's rows that a search must be allowed for the graph to be used.
_GRAPH_FROM = 0.25


@dataclass(frozen=True, slots=True)
class GraphParameters:
    """Parameters of HNSW (Malkov and Yashunin, 2018): ``links`` is its M, the others efConstruction and efSearch."""

    links: int
    construction: int
    search: int


def graph_parameters(count: int) -> GraphParameters:
    """Choose the parameters that keep recall@10 at 0.98 or more for ``count`` vectors."""
    if count <= 200_000:
        return GraphParameters(links=16, construction=100, search=128)
    if count <= 2_000_000:
        return GraphParameters(links=32, construction=200, search=256)
    return GraphParameters(links=48, construction=300, search=512)


class Rows:
    """Rows to search among, made once for any number of searches in an index of ``count`` rows."""

    def __init__(self, rows: Iterable[int], count: int) -> None:
        import faiss  # noqa: PLC0415 - heavy

        self.numbers = np.unique(np.fromiter(rows, np.int64))
        chosen = np.zeros(count, np.bool_)
        chosen[self.numbers] = True
        # The stubs know the constructor of C++, not that of Python.
        self.selector = faiss.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))  # type: ignore[call-arg, arg-type]

    def __len__(self) -> int:
        return len(self.numbers)


class FaissVectors:
    """A vector index on disk, mapped into memory. Safe to search from several threads.

    ``exact`` tells whether every search is; one limited to few rows always is.
    """

    def __init__(self, index: Index) -> None:
        import faiss  # noqa: PLC0415 - heavy

        self._index = index
        storage = getattr(index, "storage", None)  # only a graph has one, and it is flat
        self.exact = storage is None
        self._flat = faiss.downcast_index(storage) if storage else index

    @classmethod
    def open(cls, path: Path) -> FaissVectors:
        """Open a file that ``VectorsWriter`` wrote.

        Raises:
            RuntimeError: the file is damaged.
        """
        import faiss  # noqa: PLC0415 - heavy

        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    def search(self, query: Vectors, k: int, among: Rows | None = None) -> list[tuple[int, float]]:
        """Return up to ``k`` (row, cosine similarity), best first, of ``query`` with shape (dimension,).

        ``among`` limits the search to those rows. Where they are few they are compared exactly: a graph loses its way
        when most of its nodes are forbidden.
        """
        import faiss  # noqa: PLC0415 - heavy

        k = min(k, len(self) if among is None else len(among))
        if k == 0:
            return []
        queries = np.ascontiguousarray(query, np.float32).reshape(1, -1)
        selector = among.selector if among else None
        # The stubs of faiss know neither the keyword nor the classes of parameters.
        if self.exact or (among is not None and len(among) < _GRAPH_FROM * len(self)):
            scores, rows = self._flat.search(queries, k, params=faiss.SearchParameters(sel=selector))  # type: ignore[call-arg]
        else:
            breadth = max(2 * k, graph_parameters(len(self)).search)
            parameters = faiss.SearchParametersHNSW(efSearch=breadth, sel=selector)  # type: ignore[attr-defined]
            scores, rows = self._index.search(queries, k, params=parameters)
        found = [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def cosines(self, query: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """Return the cosine similarity of each of ``rows`` to ``query`` with shape (dimension,)."""
        if not rows:
            return {}
        vectors = self._flat.reconstruct_batch(np.asarray(rows, np.int64))
        return dict(zip(rows, (vectors @ query).tolist(), strict=True))

    def vectors(self, start: int, count: int) -> Vectors:
        """Return the vectors of ``count`` rows from ``start``: float32 of shape (count, dimension)."""
        if count == 0:
            return np.empty((0, self.dimension), np.float32)
        rows: Vectors = self._flat.reconstruct_n(start, count)
        return rows


class VectorsWriter:
    """Collects vectors and writes them as an index, exact up to ``exact_up_to`` rows and a graph above."""

    def __init__(self, dimension: int, exact_up_to: int) -> None:
        import faiss  # noqa: PLC0415 - heavy

        self._exact_up_to = exact_up_to
        self._flat = faiss.IndexFlatIP(dimension)

    def add(self, vectors: Vectors) -> None:
        """Append rows: unit vectors, float32 of shape (n, dimension)."""
        if len(vectors):
            self._flat.add(np.ascontiguousarray(vectors, np.float32))

    def write(self, path: Path) -> None:
        """Write the index to ``path``."""
        import faiss  # noqa: PLC0415 - heavy

        faiss.write_index(self._flat if self._flat.ntotal <= self._exact_up_to else self._graph(), str(path))

    def _graph(self) -> Index:
        import faiss  # noqa: PLC0415 - heavy

        count = self._flat.ntotal
        parameters = graph_parameters(count)
        graph = faiss.IndexHNSWFlat(self._flat.d, parameters.links, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = parameters.construction
        graph.hnsw.efSearch = parameters.search
        for start in range(0, count, _COPIED_AT_ONCE):
            graph.add(self._flat.reconstruct_n(start, min(_COPIED_AT_ONCE, count - start)))
        return graph
