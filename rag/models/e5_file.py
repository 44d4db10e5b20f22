"""Reader of E5S1 files: a 4-bit multilingual-e5 encoder and its tokenizer in one little-endian file.

Layout: the header, the unigram pieces with their scores, the normaliser's map of code points, and a directory of
tensors. A 4-bit block is an fp16 scale and 16 bytes; byte j holds weight j in its low and weight j + 16 in its high
half, each less 8, as in llama.cpp's Q4_0.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError

_MAGIC = b"E5S1"
_VERSION = 1
_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2


@dataclass(frozen=True, slots=True)
class E5Shape:
    """The sizes of the encoder, under the names of a BERT configuration."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class E5Tokenizer:
    """The unigram vocabulary, the ids of its special tokens, and the normaliser's map from a code point to a string."""

    pieces: tuple[tuple[str, float], ...]
    bos: int
    eos: int
    pad: int
    unk: int
    normaliser: dict[str, str]


@dataclass(frozen=True, slots=True)
class E5File:
    """A parsed file. ``tensors`` are float32 and flat, by the file's own names: ``emb.word``, ``l0.q.w``."""

    shape: E5Shape
    tokenizer: E5Tokenizer
    tensors: dict[str, NDArray[np.float32]]


def read_e5_file(path: Path) -> E5File:
    """Read and unpack a file.

    Raises:
        ModelError: not an E5S1 file of version 1, cut short, or inconsistent with itself.
    """
    data = path.read_bytes()
    cursor = _Cursor(data)
    try:
        if cursor.take(4) != _MAGIC or cursor.unpack("<I") != (_VERSION,):
            raise ModelError(f"{path.name} is not an E5S1 file of version {_VERSION}.")
        shape = E5Shape(*cursor.unpack("<7if"))
        (block,) = cursor.unpack("<i")
        if block != _BLOCK:
            raise ModelError(f"{path.name} has blocks of {block} weights; {_BLOCK} are expected.")
        return E5File(shape, _read_tokenizer(cursor), _read_tensors(cursor, data))
    except (_OutOfBoundsError, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise ModelError(f"{path.name} is damaged: {error}.") from error


class _OutOfBoundsError(Exception):
    pass


class _Cursor:
    """A place in the file; every read is checked against its end."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._place = 0

    def take(self, size: int) -> bytes:
        if size < 0 or self._place + size > len(self._data):
            raise _OutOfBoundsError(f"{size} bytes wanted at {self._place}, the file has {len(self._data)}")
        taken = self._data[self._place : self._place + size]
        self._place += size
        return bytes(taken)

    def unpack(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))


def _read_tokenizer(cursor: _Cursor) -> E5Tokenizer:
    count, bos, eos, pad, unk, blob_bytes = cursor.unpack("<5iQ")
    if count <= 0 or not all(0 <= special < count for special in (bos, eos, pad, unk)):
        raise ValueError("a special token lies outside the vocabulary")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count), "<f4").tolist()
    blob = cursor.take(blob_bytes)
    if offsets[-1] > blob_bytes or any(start > end for start, end in pairwise(offsets)):
        raise ValueError("the offsets of the pieces are out of order")
    texts = (blob[start:end].decode("utf-8") for start, end in pairwise(offsets))
    pieces = tuple(zip(texts, scores, strict=True))
    entries, map_bytes = cursor.unpack("<iI")
    return E5Tokenizer(pieces, bos, eos, pad, unk, _read_map(_Cursor(cursor.take(map_bytes)), entries))


def _read_map(cursor: _Cursor, entries: int) -> dict[str, str]:
    mapping = {}
    for _ in range(entries):
        source, length = cursor.unpack("<IB")
        mapping[chr(source)] = "".join(map(chr, cursor.unpack(f"<{length}I")))
    return mapping


def _read_tensors(cursor: _Cursor, data: bytes) -> dict[str, NDArray[np.float32]]:
    tensors = {}
    for _ in range(*cursor.unpack("<i")):
        name = cursor.take(*cursor.unpack("<H")).decode("utf-8")
        kind, count, offset, size = cursor.unpack("<BIQQ")
        if offset + size > len(data):
            raise _OutOfBoundsError(f"tensor {name} ends past the file")
        raw = memoryview(data)[offset : offset + size]
        tensors[name] = _unpack_blocks(raw) if kind == 1 else np.frombuffer(raw, "<f4").astype(np.float32)
        if tensors[name].size != count:
            raise ValueError(f"tensor {name} has {tensors[name].size} weights, {count} are expected")
    return tensors


def _unpack_blocks(raw: memoryview) -> NDArray[np.float32]:
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = blocks[:, 2:]
    weights = np.concatenate([halves & 0x0F, halves >> 4], axis=1).astype(np.float32)
    weights -= 8
    weights *= scales
    return weights.ravel()
