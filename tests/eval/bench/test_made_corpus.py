from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from eval.bench.made_corpus import MadeVectors, corpus_sentences, in_process, made_index, write_corpus
from rag import curate, load_settings, open_snapshot
from rag.domain import Language
from rag.embedding.base import Embedder
from rag.settings import Settings

ENGLISH = ["Green tea comes from Hangzhou.", "The harbour was deepened in spring.", "Pumps were tested twice."]
CHINESE = ["龙井茶产于杭州。", "港口在春天加深了。"]


@pytest.fixture
def settings(tmp_path: Path, bag_embedder: Embedder) -> Settings:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "en.md").write_text("# Notes\n\n" + " ".join(ENGLISH) + "\n", encoding="utf-8")
    (tmp_path / "corpus" / "zh.md").write_text("# 笔记\n\n" + "".join(CHINESE) + "\n", encoding="utf-8")
    settings = load_settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "home" / "index")
    curate(settings, open_embedder=lambda _: bag_embedder)
    return settings


def test_the_sentences_are_those_of_the_index_with_their_languages(settings: Settings) -> None:
    assert corpus_sentences(settings.index_dir) == dict.fromkeys(ENGLISH, "en") | dict.fromkeys(CHINESE, "zh")


def test_documents_are_made_of_sentences_of_one_language_each_always_the_same(tmp_path: Path) -> None:
    sentences: dict[str, Language] = {text: "zh" if text in CHINESE else "en" for text in [*ENGLISH, *CHINESE]}
    for name in ("a", "b"):
        write_corpus(tmp_path / name, sentences, 4)
    files = sorted((tmp_path / "a").iterdir())
    assert len(files) == 4
    for number, file in enumerate(files):
        text = file.read_text(encoding="utf-8")
        assert text == (tmp_path / "b" / file.name).read_text(encoding="utf-8")
        assert any(sentence[:5] in text for sentence in (CHINESE if number % 2 else ENGLISH))


def test_a_known_sentence_has_its_vector_and_a_passage_lies_near_its_sentences(bag_embedder: Embedder) -> None:
    made = MadeVectors(bag_embedder, ENGLISH)
    passage = "\n".join(ENGLISH[:2])
    known, near, far = made.embed_passages([ENGLISH[0], passage, "\n".join(ENGLISH[2:]) + "\nUnknown words."])
    assert np.allclose(known, bag_embedder.embed_passages([ENGLISH[0]])[0])
    assert np.linalg.norm(near) == pytest.approx(1)
    assert near @ known > 0.5 > far @ known
    assert made.embed_passages([]).shape == (0, bag_embedder.dimension)
    assert np.array_equal(near, made.embed_passages([passage])[0])


def test_the_index_is_made_once_beside_the_projects_own(settings: Settings, bag_embedder: Embedder) -> None:
    made = made_index(settings, 6, bag_embedder)
    assert made.index_dir.is_relative_to(settings.index_dir.parent)
    before = _passages(made)
    assert len(before) == 6
    assert _passages(made_index(settings, 6, bag_embedder)) == before
    assert in_process(made)["PINCITE_INDEX_DIR"] == str(made.index_dir)


def _passages(made: Settings) -> list[str]:
    def ids() -> Iterator[str]:
        snapshot = open_snapshot(made.index_dir)
        yield from (passage.id for passage in snapshot.passages())
        snapshot.close()

    return list(ids())
