"""Rows of numbers at the end of a file: in memory where they are few, else read when they are asked for.

They are not mapped: all that was ever looked at would count as memory in use.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from rag.embedding.base import Vectors

# Half precision moves a cosine in its fifth place and halves a file, which has to come from memory for every search.
HALF = np.dtype("<f2")
# The sentences of 20,000 passages. To find rows in a file and widen them takes ten times as long as in memory.
_MOST_BYTES_IN_MEMORY = 128 * 2**20


class RowFile:
    """Vectors of one length in a file, which may begin with something else. Safe to read from several threads."""

    def __init__(
        self, path: Path, dtype: DTypeLike, dimension: int, count: int, in_memory: int = _MOST_BYTES_IN_MEMORY
    ) -> None:
        """Open the last ``count`` rows of ``path``; once used they are kept where ``in_memory`` bytes hold them.

        Raises:
            ValueError: the file is shorter than that.
        """
        self._dtype = np.dtype(dtype)
        self.dimension = dimension
        self._row_bytes = dimension * self._dtype.itemsize
        self._begin = path.stat().st_size - count * self._row_bytes
        if self._begin < 0:
            raise ValueError(f"{path.name} does not hold {count:,} rows")
        self._count = count
        self._file = path.open("rb", buffering=0)
        self._lock = threading.Lock()
        weakref.finalize(self, self._file.close)
        self._is_small = count * dimension * np.dtype(np.float32).itemsize <= in_memory

    def __len__(self) -> int:
        return self._count

    def read(self, spans: Sequence[tuple[int, int]]) -> Vectors:
        """Return the rows of all ``spans`` (start, end), one after the other: float32, (rows, dimension)."""
        if not self._is_small:
            return self._from_file(spans)
        rows = self._all
        return np.concatenate([rows[:0], *(rows[start:end] for start, end in spans)])

    @cached_property
    def _all(self) -> Vectors:
        return self._from_file([(0, self._count)])

    def _from_file(self, spans: Sequence[tuple[int, int]]) -> Vectors:
        held = bytearray(sum(end - start for start, end in spans) * self._row_bytes)
        view = memoryview(held)
        with self._lock:
            for start, end in spans:
                self._file.seek(self._begin + start * self._row_bytes)
                missing = (end - start) * self._row_bytes
                while missing and (got := self._file.readinto(view[:missing])):
                    view, missing = view[got:], missing - got
        return np.frombuffer(held, self._dtype).reshape(-1, self.dimension).astype(np.float32, copy=False)
