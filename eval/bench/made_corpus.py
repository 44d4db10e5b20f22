"""A corpus of any size made from the project's own sentences, whose vectors cost nothing to have."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from eval.bench.wrapped_embedder import WrappedEmbedder
from eval.suite_index import as_markdown
from eval.suites import CorpusRow
from rag import Embedder, curate, open_snapshot
from rag.chunking.passages import own_sentences
from rag.chunking.sentences import split_sentences
from rag.domain import Language
from rag.embedding.base import Vectors
from rag.settings import Settings

_SENTENCES_OF_A_DOCUMENT = 4
# About as far from the mean of its sentences as a passage of the shipped corpus lies (cosine .95).
_NOISE = 0.33


def corpus_sentences(index_dir: Path) -> dict[str, Language]:
    """Return every sentence of the index that serves, each once, with its passage's language."""
    snapshot = open_snapshot(index_dir)
    try:
        return {
            passage.text_of(span): passage.language
            for passage in snapshot.passages()
            for span in own_sentences(passage)
        }
    finally:
        snapshot.close()


def write_corpus(folder: Path, sentences: Mapping[str, Language], documents: int, seed: int = 7) -> None:
    """Write ``documents`` Markdown files of a few sentences of one language each, drawn by ``seed``; both in turn."""
    chance = np.random.default_rng(seed)
    by_language = {
        language: [text for text, spoken in sentences.items() if spoken == language]
        for language in sorted(set(sentences.values()))
    }
    beside = folder.with_name(folder.name + ".part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for number in range(documents):
        own = list(by_language.values())[number % len(by_language)]
        chosen = chance.choice(len(own), min(_SENTENCES_OF_A_DOCUMENT, len(own)), replace=False)
        text = "\n".join(own[at] for at in chosen)
        row = CorpusRow(id=f"made-{number}", title=f"{number}", text=text)
        (beside / f"{number:06}.md").write_text(as_markdown(row), encoding="utf-8")
    beside.replace(folder)


class MadeVectors(WrappedEmbedder):
    """Has the vectors of known sentences, and makes those of a passage from its sentences'.

    A passage lies near their mean, off it by noise that its text decides. Questions are embedded really.
    """

    def __init__(self, embedder: Embedder, sentences: Sequence[str]) -> None:
        super().__init__(embedder)
        self._known = dict(zip(sentences, embedder.embed_passages(sentences), strict=True))

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 64, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Make up the vectors of ``texts``: float32 of shape (len(texts), dimension), each row of length 1."""
        vectors = [self._known[text] if text in self._known else self._near_the_mean(text) for text in texts]
        if progress:
            progress(len(texts))
        return np.array(vectors, np.float32).reshape(len(texts), self.dimension)

    def _near_the_mean(self, text: str) -> Vectors:
        parts = [self._known[part] for span in split_sentences(text) if (part := span.of(text)) in self._known]
        chance = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
        noise = chance.standard_normal(self.dimension)
        mean = np.mean(parts, axis=0) if parts else np.zeros(self.dimension)
        vector = mean / max(float(np.linalg.norm(mean)), 1e-9) + _NOISE * noise / np.linalg.norm(noise)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


def made_index(settings: Settings, documents: int, embedder: Embedder) -> Settings:
    """Return ``settings`` with a corpus of that many made documents and its index, beside the project's own index.

    They are made from the sentences of the index that serves, unless they are there already.
    """
    home = settings.index_dir.parent / "bench" / f"made-{documents}"
    made = settings.model_copy(update={"corpus_dir": home / "corpus", "index_dir": home / "index"})
    sentences = corpus_sentences(settings.index_dir)
    if not made.corpus_dir.is_dir():
        write_corpus(made.corpus_dir, sentences, documents)
    curate(made, open_embedder=lambda _: MadeVectors(embedder, list(sentences)))
    return made


def in_process(made: Settings) -> dict[str, str]:
    """Return the environment in which ``pincite`` works on the folders of ``made``."""
    return os.environ | {"PINCITE_CORPUS_DIR": str(made.corpus_dir), "PINCITE_INDEX_DIR": str(made.index_dir)}


def pincite_command() -> str:
    """Return the command of this installation."""
    return shutil.which("pincite", path=Path(sys.executable).parent) or "pincite"
