"""The vectors of the sentences of every passage, on disk: what ranks passages also chooses evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embedding.base import Vectors
from rag.index.row_file import HALF, RowFile

VECTORS_FILE = "sentences.f16"
BORDERS_FILE = "sentences.rows"
_BORDER = np.dtype("<i8")


@dataclass(frozen=True, slots=True)
class DocumentVectors:
    """What is embedded of a document: its passages, (passages, dimension), and the own sentences of each of them."""

    passages: Vectors
    sentences: Sequence[Vectors]


class SentenceVectors:
    """Read-only vectors by passage row. Safe to read from several threads."""

    def __init__(self, vectors: RowFile, borders: NDArray[np.int64]) -> None:
        self._vectors = vectors
        self._borders = borders

    @classmethod
    def open(cls, folder: Path, dimension: int) -> SentenceVectors:
        """Open the files that ``SentenceVectorsWriter`` wrote into ``folder``.

        Raises:
            ValueError: they do not fit together.
        """
        borders = np.fromfile(folder / BORDERS_FILE, _BORDER)
        count = int(borders[-1]) if len(borders) else 0
        path = folder / VECTORS_FILE
        if not len(borders) or path.stat().st_size != count * dimension * HALF.itemsize:
            raise ValueError(f"{path.name} and {BORDERS_FILE} do not fit together")
        return cls(RowFile(path, HALF, dimension, count), borders)

    def of(self, row: int) -> Vectors:
        """Return the vectors of the own sentences of the passage in ``row``: float32, (sentences, dimension)."""
        return self._vectors.read([self._place(row)])

    def counted(self, rows: range) -> tuple[Vectors, NDArray[np.int64]]:
        """Return the vectors of the own sentences of passages that follow one another, and how many each has."""
        borders = self._borders[rows.start : rows.stop + 1]
        return self._vectors.read([(int(borders[0]), int(borders[-1]))]), np.diff(borders)

    def closest(self, query: Vectors, rows: Sequence[int]) -> list[float | None]:
        """Return the highest cosine to ``query`` of a sentence of each passage; None where it has no sentence."""
        places = np.asarray(rows, np.int64)
        begins, ends = self._borders[places], self._borders[places + 1]
        # One product for all of them: a call for each passage would take longer than the multiplying.
        cosines = self._vectors.read(list(zip(begins.tolist(), ends.tolist(), strict=True))) @ query
        held = np.flatnonzero(ends > begins)
        found: list[float | None] = [None] * len(rows)
        if len(held):
            counts = (ends - begins)[held]
            highest = np.maximum.reduceat(cosines, np.cumsum(counts) - counts)
            for row, cosine in zip(held.tolist(), highest.tolist(), strict=True):
                found[row] = cosine
        return found

    def _place(self, row: int) -> tuple[int, int]:
        return int(self._borders[row]), int(self._borders[row + 1])


class SentenceVectorsWriter:
    """Writes the vectors as they come, so that memory stays flat."""

    def __init__(self, folder: Path) -> None:
        self._vectors = (folder / VECTORS_FILE).open("wb")
        self._borders = (folder / BORDERS_FILE).open("wb")
        self._count = 0
        np.zeros(1, _BORDER).tofile(self._borders)

    def add(self, passages: Sequence[Vectors]) -> None:
        """Append the vectors of further passages, those of the own sentences of each."""
        for vectors in passages:
            self._append(vectors, np.array([len(vectors)]))

    def carry_over(self, before: SentenceVectors, rows: range) -> None:
        """Append the vectors that ``before`` holds of the passages in ``rows``."""
        self._append(*before.counted(rows))

    def _append(self, vectors: Vectors, counts: NDArray[np.int64]) -> None:
        vectors.astype(HALF).tofile(self._vectors)
        (self._count + np.cumsum(counts)).astype(_BORDER).tofile(self._borders)
        self._count += len(vectors)

    def close(self) -> None:
        """Close the files. Calling it twice is fine."""
        self._vectors.close()
        self._borders.close()
