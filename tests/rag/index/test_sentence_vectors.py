from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rag.embedding.base import Vectors
from rag.index.sentence_vectors import SentenceVectors, SentenceVectorsWriter

DIMENSION = 4
PASSAGES = st.lists(
    st.integers(0, 5).flatmap(
        lambda count: arrays(np.float32, (count, DIMENSION), elements=st.floats(-1, 1, width=16))
    ),
    min_size=1,
    max_size=8,
)


def written(folder: Path, passages: list[Vectors]) -> SentenceVectors:
    writer = SentenceVectorsWriter(folder)
    writer.add(passages[:1])
    writer.add(passages[1:])
    writer.close()
    writer.close()
    return SentenceVectors.open(folder, DIMENSION)


@settings(max_examples=50)
@given(passages=PASSAGES)
def test_each_passage_gets_its_sentences_back(
    tmp_path_factory: pytest.TempPathFactory, passages: list[Vectors]
) -> None:
    sentences = written(tmp_path_factory.mktemp("sentences"), passages)
    for row, vectors in enumerate(passages):
        assert sentences.of(row).dtype == np.float32
        assert np.array_equal(sentences.of(row), vectors)


@settings(max_examples=50)
@given(passages=PASSAGES)
def test_the_closest_sentence_of_each_passage_is_that_of_its_vectors(
    tmp_path_factory: pytest.TempPathFactory, passages: list[Vectors]
) -> None:
    sentences = written(tmp_path_factory.mktemp("sentences"), passages)
    query = np.linspace(-1, 1, DIMENSION, dtype=np.float32)
    rows = list(reversed(range(len(passages))))
    for row, closest in zip(rows, sentences.closest(query, rows), strict=True):
        expected = (passages[row] @ query).max() if len(passages[row]) else None
        assert closest == (expected if expected is None else pytest.approx(float(expected), abs=1e-4))


def test_half_precision_keeps_three_places_of_a_cosine(tmp_path: Path) -> None:
    vector = np.full((1, DIMENSION), 1 / 3, np.float32)
    assert np.allclose(written(tmp_path, [vector]).of(0), vector, atol=5e-4)


@pytest.mark.parametrize("borders", [b"", b"\x07" + b"\0" * 7])
def test_files_that_do_not_fit_together_are_damage(tmp_path: Path, borders: bytes) -> None:
    written(tmp_path, [np.ones((1, DIMENSION), np.float32)])
    (tmp_path / "sentences.rows").write_bytes(borders)
    with pytest.raises(ValueError, match="do not fit together"):
        SentenceVectors.open(tmp_path, DIMENSION)
