"""The reader and the unpacking, on a hand-made file of one layer."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from rag.errors import ModelError
from rag.models.e5_file import read_e5_file
from rag.models.e5_unpacking import unpack_e5

PIECES = [
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    ("▁", -2.0),
    ("▁苹果", -3.0),
    ("a", -4.0),
    ("b", -5.0),
]
SIZE = 32  # hidden, feed-forward and block size alike
VOCABULARY, POSITIONS, TYPES = 8, 16, 2
FOUR_BIT = {"emb.word": VOCABULARY * SIZE} | {f"l0.{part}.w": SIZE * SIZE for part in ("q", "k", "v", "ao", "fi", "fo")}
FLOATS = (
    {"emb.pos": POSITIONS * SIZE, "emb.type": TYPES * SIZE, "emb.ln.w": SIZE, "emb.ln.b": SIZE}
    | {f"l0.{part}.b": SIZE for part in ("q", "k", "v", "ao", "fi", "fo")}
    | {f"l0.{part}.{kind}": SIZE for part in ("aln", "oln") for kind in "wb"}
)


def four_bit_block(scale: float) -> bytes:
    """Weight j is (j % 16) - 8 in the first half, 7 - (j % 16) in the second, times the scale."""
    return struct.pack("<e", scale) + bytes(j | (15 - j) << 4 for j in range(16))


def tiny_file() -> bytes:
    blob = "".join(piece for piece, _ in PIECES).encode()
    offsets, place = [0], 0
    for piece, _ in PIECES:
        place += len(piece.encode())
        offsets.append(place)
    mapping = struct.pack("<IBI", ord("\n"), 1, ord(" ")) + struct.pack("<IB", 1, 0)
    head = b"E5S1" + struct.pack("<I7ifi", 1, SIZE, 1, 2, SIZE, VOCABULARY, POSITIONS, TYPES, 1e-12, SIZE)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + struct.pack(f"<{len(offsets)}I", *offsets)
    head += struct.pack(f"<{len(PIECES)}f", *(score for _, score in PIECES)) + blob
    head += struct.pack("<iI", 2, len(mapping)) + mapping
    bodies = {name: (1, count, four_bit_block(0.5) * (count // SIZE)) for name, count in FOUR_BIT.items()}
    bodies |= {name: (0, count, np.arange(count, dtype="<f4").tobytes()) for name, count in FLOATS.items()}
    directory_bytes = 4 + sum(2 + len(name) + 1 + 4 + 8 + 8 for name in bodies)
    directory, data, start = struct.pack("<i", len(bodies)), b"", len(head) + directory_bytes
    for name, (kind, count, body) in bodies.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, start + len(data), len(body))
        data += body
    return head + directory + data


TINY = tiny_file()


@pytest.fixture
def tiny_path(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.bin"
    path.write_bytes(TINY)
    return path


def test_shape_and_tokenizer(tiny_path: Path) -> None:
    file = read_e5_file(tiny_path)
    assert (file.shape.hidden, file.shape.layers, file.shape.heads, file.shape.positions) == (SIZE, 1, 2, POSITIONS)
    assert file.tokenizer.pieces == tuple(PIECES)
    assert (file.tokenizer.bos, file.tokenizer.eos, file.tokenizer.pad, file.tokenizer.unk) == (0, 2, 1, 3)
    assert file.tokenizer.normaliser == {"\n": " ", "\x01": ""}


def test_four_bit_blocks_unpack_low_halves_first(tiny_path: Path) -> None:
    word = read_e5_file(tiny_path).tensors["emb.word"]
    expected = 0.5 * np.concatenate([np.arange(16) - 8, 7 - np.arange(16)])
    assert word.dtype == np.float32
    assert np.array_equal(word.reshape(VOCABULARY, SIZE), np.tile(expected, (VOCABULARY, 1)))


def test_plain_floats_stay(tiny_path: Path) -> None:
    assert np.array_equal(read_e5_file(tiny_path).tensors["emb.ln.w"], np.arange(SIZE, dtype=np.float32))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TINY) - 1))
def test_a_file_cut_short_anywhere_is_an_error_of_one_line(tmp_path_factory: pytest.TempPathFactory, end: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "cut.bin"
    path.write_bytes(TINY[:end])
    with pytest.raises(ModelError) as raised:
        read_e5_file(path)
    assert "\n" not in str(raised.value)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 700), st.integers(0, 255))
def test_a_changed_byte_never_escapes_as_another_error(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    path = tmp_path_factory.mktemp("changed") / "changed.bin"
    path.write_bytes(TINY[:place] + bytes([value]) + TINY[place + 1 :])
    try:
        assert read_e5_file(path).tensors.keys() is not None
    except ModelError as error:
        assert "changed.bin" in str(error)


def test_another_format(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(b"GGUF" + TINY[4:])
    with pytest.raises(ModelError, match="not an E5S1 file"):
        read_e5_file(path)


def test_unpacking_makes_a_bert_with_every_weight(tiny_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    unpack_e5(tiny_path, folder)
    weights = safetensors.numpy.load_file(folder / "model.safetensors")
    assert weights["embeddings.word_embeddings.weight"].shape == (VOCABULARY, SIZE)
    assert weights["embeddings.position_embeddings.weight"].shape == (POSITIONS, SIZE)
    assert weights["embeddings.token_type_embeddings.weight"].shape == (TYPES, SIZE)
    assert weights["encoder.layer.0.attention.self.query.weight"].shape == (SIZE, SIZE)
    assert weights["encoder.layer.0.output.LayerNorm.bias"].shape == (SIZE,)
    assert len(weights) == len(FOUR_BIT) + len(FLOATS) + 2  # the pooler's two
    configuration = json.loads((folder / "config.json").read_text())
    assert (configuration["model_type"], configuration["vocab_size"]) == ("bert", VOCABULARY)
    prompts = json.loads((folder / "config_sentence_transformers.json").read_text())["prompts"]
    assert prompts == {"query": "query: ", "document": "passage: "}


def test_the_unpacked_tokenizer_normalises_and_frames(tiny_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    unpack_e5(tiny_path, folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    assert tokenizer.encode("苹果\n\tａb").tokens == ["<s>", "▁苹果", "▁", "a", "b", "</s>"]
