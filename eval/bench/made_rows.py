"""An index of any number of rows whose vectors and texts are made, for what a corpus of files would take too long."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.bench.made_corpus import corpus_sentences
from rag import Embedder, current_id
from rag.curating.sync import embedder_record, settings_record
from rag.domain import Document, Language, Passage, Span
from rag.embedding.base import Vectors
from rag.index.manifest import FileState
from rag.index.sentence_vectors import DocumentVectors
from rag.index.snapshot_writer import SnapshotWriter, index_lock
from rag.settings import Settings

_PASSAGES_OF_A_DOCUMENT = 100
_PASSAGES_OF_A_TOPIC = 50
# How far topics lie from the sentence they are about, and passages from their topic: with these the nearest of a
# passage are about as near as those of the shipped corpus.
_TOPIC_NOISE, _PASSAGE_NOISE = 0.5, 0.33


@dataclass(frozen=True, slots=True)
class _Topic:
    text: str
    language: Language
    vector: Vectors


def made_rows(
    settings: Settings, passages: int, embedder: Embedder, done: Callable[[], None] = lambda: None
) -> Settings:
    """Return ``settings`` with an index of that many made passages beside the project's own, unless it is there.

    A passage is about a sentence of the index that serves: its text is that sentence, its vector lies near its topic,
    which lies near the sentence's. ``done`` is called after each document.
    """
    home = settings.index_dir.parent / "bench" / f"rows-{passages}"
    made = settings.model_copy(update={"index_dir": home / "index", "corpus_dir": home / "corpus"})
    if current_id(made.index_dir) is None:
        with index_lock(made.index_dir), _writer(made, embedder) as writer:
            for document, own, vectors in _documents(settings.index_dir, passages, embedder):
                file = FileState(path=document.path, size=0, mtime_ns=0, sha256="0" * 64)
                writer.add(document, file, own, [passage.text for passage in own], vectors)
                done()
            writer.swap_in([])
    return made


def documents_of(passages: int) -> int:
    """Return how many documents so many passages make."""
    return -(-passages // _PASSAGES_OF_A_DOCUMENT)


def _writer(made: Settings, embedder: Embedder) -> SnapshotWriter:
    return SnapshotWriter(made.index_dir, embedder_record(embedder), settings_record(made))


def _documents(
    index_dir: Path, passages: int, embedder: Embedder
) -> Iterator[tuple[Document, list[Passage], DocumentVectors]]:
    sentences = corpus_sentences(index_dir)
    near = dict(zip(sentences, embedder.embed_passages(list(sentences)), strict=True))
    chance = np.random.default_rng(7)
    names = list(sentences)
    chosen = chance.integers(0, len(names), max(1, passages // _PASSAGES_OF_A_TOPIC))
    centres = _noisy(np.stack([near[names[at]] for at in chosen]), _TOPIC_NOISE, chance)
    topics = [_Topic(names[at], sentences[names[at]], vector) for at, vector in zip(chosen, centres, strict=True)]
    for number in range(documents_of(passages)):
        count = min(_PASSAGES_OF_A_DOCUMENT, passages - number * _PASSAGES_OF_A_DOCUMENT)
        about = [topics[at] for at in chance.integers(0, len(topics), count)]
        vectors = _noisy(np.stack([topic.vector for topic in about]), _PASSAGE_NOISE, chance)
        yield *_document(number, about), DocumentVectors(vectors, list(vectors[:, None, :]))


def _document(number: int, about: list[_Topic]) -> tuple[Document, list[Passage]]:
    identity, title = f"made-{number}", f"{number}"
    text = "\n".join(topic.text for topic in about)
    version = hashlib.sha256(f"{number} {text}".encode()).hexdigest()
    document = Document(
        id=identity, title=title, path=f"{identity}.md", text=text, language="en", version=version, format="made"
    )
    passages, start = [], 0
    for place, topic in enumerate(about):
        end = start + len(topic.text)
        name = f"{number:08x}{place:08x}"
        span = Span(start, end)
        passages.append(
            Passage(name, identity, title, start, end, topic.text, topic.language, (), None, sentences=(span,))
        )
        start = end + 1
    return document, passages


def _noisy(vectors: Vectors, share: float, chance: np.random.Generator) -> Vectors:
    noise = chance.standard_normal(vectors.shape, dtype=np.float32)
    moved = vectors + share * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)
