"""Vector search with FAISS: exact while the corpus is small, in the parts nearest to the query when it is large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from rag.embedding.base import Vectors
from rag.index.partitions import Partitions, Rows, write_partitions
from rag.index.row_file import HALF, RowFile

if TYPE_CHECKING:
    from faiss import Index

PARTITIONS_FILE = "partitions.faiss"
# Up to so many rows it is no slower to compare each of them than to look for the nearest.
_FEW = 20_000
# So many times as many candidates are compared exactly as are asked for, and no fewer than that.
_CANDIDATES, _FEWEST_CANDIDATES = 4, 100


class FaissVectors:
    """A vector index on disk. Safe to search from several threads.

    ``exact`` tells whether every search is; one limited to few rows always is.
    """

    def __init__(self, rows: RowFile, searched: Index | Partitions) -> None:
        self._rows = rows
        self._searched = searched
        self._gathered: WeakKeyDictionary[Rows, Index] = WeakKeyDictionary()
        self.exact = not isinstance(searched, Partitions)

    @classmethod
    def open(cls, path: Path) -> FaissVectors:
        """Open what ``VectorsWriter`` wrote.

        Raises:
            RuntimeError: a file is damaged.
        """
        import faiss  # noqa: PLC0415 - heavy

        # A plain index is a header and its rows.
        flat = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        rows = RowFile(path, HALF, flat.d, flat.ntotal)
        parts = path.with_name(PARTITIONS_FILE)
        return cls(rows, Partitions.open(parts) if parts.exists() else flat)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._rows.dimension

    def gather(self, rows: Rows) -> None:
        """Keep the vectors of ``rows``, among which will be searched often, side by side, where each is compared.

        Rows that lie apart take three times as long to come from memory.
        """
        if isinstance(self._searched, Partitions):
            return
        gathered = _flat_index(self.dimension)
        gathered.add(self._searched.reconstruct_batch(rows.numbers))
        self._gathered[rows] = gathered

    def search(self, query: Vectors, k: int, among: Rows | None = None) -> list[tuple[int, float]]:
        """Return up to ``k`` (row, cosine similarity), best first, of ``query`` with shape (dimension,).

        ``among`` limits the search to those rows. Where they are few each of them is compared.
        """
        k = min(k, len(self) if among is None else len(among))
        if k == 0:
            return []
        queries = np.ascontiguousarray(query, np.float32).reshape(1, -1)
        found: Iterable[tuple[int, float]]
        if among is not None and (gathered := self._gathered.get(among)) is not None:
            found = [(int(among.numbers[at]), cosine) for at, cosine in _nearest(gathered, queries, k)]
        elif not isinstance(self._searched, Partitions):
            found = _nearest(self._searched, queries, k, among)
        elif among is not None and len(among) <= _FEW:
            found = self.cosines(query, among.numbers.tolist()).items()
        else:
            count = max(_CANDIDATES * k, _FEWEST_CANDIDATES)
            found = self.cosines(query, self._searched.candidates(queries, count, among)).items()
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def cosines(self, query: Vectors, rows: Sequence[int]) -> dict[int, float]:
        """Return the cosine similarity of each of ``rows`` to ``query`` with shape (dimension,)."""
        vectors = self._rows.read([(row, row + 1) for row in rows])
        return dict(zip(rows, (vectors @ query).tolist(), strict=True))

    def vectors(self, start: int, count: int) -> Vectors:
        """Return the vectors of ``count`` rows from ``start``: float32 of shape (count, dimension)."""
        return self._rows.read([(start, start + count)])


def _flat_index(dimension: int) -> Index:
    import faiss  # noqa: PLC0415 - heavy

    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)


def _nearest(flat: Index, queries: Vectors, k: int, among: Rows | None = None) -> list[tuple[int, float]]:
    import faiss  # noqa: PLC0415 - heavy

    # The stubs of faiss do not know the keyword.
    parameters = faiss.SearchParameters(sel=among.selector if among else None)  # type: ignore[call-arg]
    with _one_thread():
        scores, rows = flat.search(queries, k, params=parameters)
    return [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]


@contextmanager
def _one_thread() -> Iterator[None]:
    """Have faiss use the calling thread alone: to share one query among threads costs more than it brings."""
    import faiss  # noqa: PLC0415 - heavy

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


class VectorsWriter:
    """Collects vectors and writes them as an index, exact up to ``exact_up_to`` rows, parted above."""

    def __init__(self, dimension: int, exact_up_to: int) -> None:
        self._exact_up_to = exact_up_to
        self._flat = _flat_index(dimension)

    def add(self, vectors: Vectors) -> None:
        """Append rows: unit vectors, float32 of shape (n, dimension)."""
        if len(vectors):
            self._flat.add(np.ascontiguousarray(vectors, np.float32))

    def write(self, path: Path) -> None:
        """Write the index to ``path``, and its parts, where it has some, to ``PARTITIONS_FILE`` beside it."""
        import faiss  # noqa: PLC0415 - heavy

        faiss.write_index(self._flat, str(path))
        if self._flat.ntotal > self._exact_up_to:
            write_partitions(self._flat, path.with_name(PARTITIONS_FILE))
