"""From the files of the corpus to passages with their vectors, one document after the other, memory staying flat."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from rag.chunking.passages import embedding_text, own_sentences, split_passages
from rag.curating.corpus import Corpus, CorpusFile
from rag.curating.report import CurationProgress
from rag.domain import Document, Passage
from rag.embedding.base import Embedder, TokenCounter, Vectors
from rag.errors import UnreadableFileError
from rag.index.manifest import DocumentRecord, FileState, SkippedRecord
from rag.index.sentence_vectors import DocumentVectors
from rag.index.snapshot import Snapshot
from rag.models.installation import hash_file
from rag.reading import read_document
from rag.settings import Settings

# Texts are embedded in batches of like length, so it pays to have many to choose from.
_BATCHES_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be indexed: the text to index for each passage, and the vectors, None until embedded."""

    file: FileState
    document: Document
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    vectors: DocumentVectors | None = None

    @property
    def sentences(self) -> list[list[str]]:
        """The own sentences of each passage."""
        return [[passage.text_of(span) for span in own_sentences(passage)] for passage in self.passages]


@dataclass(frozen=True, slots=True)
class Reuse:
    """Documents of an earlier snapshot whose file did not change, by path."""

    snapshot: Snapshot
    records: Mapping[str, DocumentRecord]

    def prepared(self, file: CorpusFile) -> Prepared | None:
        """Return what the snapshot holds of ``file``, or None."""
        record = self.records.get(file.path)
        document = self.snapshot.store.document(record.id) if record else None
        if record is None or document is None:
            return None
        rows = range(record.first_row, record.first_row + record.count)
        passages = self.snapshot.store.passages(rows)
        state = FileState(path=file.path, size=file.size, mtime_ns=file.mtime_ns, sha256=record.file.sha256)
        vectors = DocumentVectors(
            self.snapshot.vectors.vectors(record.first_row, record.count), list(map(self.snapshot.sentences.of, rows))
        )
        return Prepared(state, document, tuple(passages), tuple(map(embedding_text, passages)), vectors)


class Preparation:
    """Reads and splits the files of ``corpus`` in order; what cannot be read goes to ``skipped``, with its reason."""

    def __init__(self, corpus: Corpus, settings: Settings, counter: TokenCounter, reuse: Reuse | None) -> None:
        self.skipped: list[SkippedRecord] = []
        self._corpus = corpus
        self._settings = settings
        self._counter = counter
        self._reuse = reuse
        self._paths_by_id: dict[str, str] = {}

    def documents(self, progress: CurationProgress) -> Iterator[Prepared]:
        """Yield each document, as the embedding step asks for it."""
        progress.planned(len(self._corpus.files))
        for file in self._corpus.files:
            try:
                prepared = (self._reuse and self._reuse.prepared(file)) or self._prepare(file)
                self._claim_id(prepared.document)
            except UnreadableFileError as error:
                state = FileState(path=file.path, size=file.size, mtime_ns=file.mtime_ns, sha256="")
                self.skipped.append(SkippedRecord(file=state, reason=error.message))
            else:
                yield prepared
            progress.file_done()

    def _prepare(self, file: CorpusFile) -> Prepared:
        try:
            document = read_document(self._corpus.root / file.path, self._corpus.root, self._settings.reading)
            _check_storable(document)
            passages = tuple(split_passages(document, self._counter, self._settings.chunking))
            return Prepared(self._state(file), document, passages, tuple(map(embedding_text, passages)))
        except UnreadableFileError:
            raise
        except Exception as error:  # whatever a file provokes, it must not stop the rest
            raise UnreadableFileError(f"cannot be processed ({type(error).__name__}: {error})") from error

    def _state(self, file: CorpusFile) -> FileState:
        """Return the state of a file just read; without a hash if it changed meanwhile, so that it is read again."""
        path = self._corpus.root / file.path
        sha256 = hash_file(path)
        status = path.stat()
        same = (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)
        return FileState(path=file.path, size=file.size, mtime_ns=file.mtime_ns, sha256=sha256 if same else "")

    def _claim_id(self, document: Document) -> None:
        first = self._paths_by_id.setdefault(document.id, document.path)
        if first != document.path:
            raise UnreadableFileError(f"its id {document.id!r} is the one of {first}", "Give each document its own id.")


def _check_storable(document: Document) -> None:
    """Turn away lone surrogates and values without a JSON form while the file can still be named."""
    json.dumps([document.id, document.title, dict(document.metadata)], ensure_ascii=False).encode("utf-8")


def embedded(
    prepared: Iterable[Prepared], embedder: Embedder, batch_size: int, progress: CurationProgress
) -> Iterator[tuple[Prepared, DocumentVectors]]:
    """Yield the documents in order, each with its vectors; many are embedded together."""
    waiting: list[Prepared] = []
    texts = 0
    for document in prepared:
        waiting.append(document)
        texts += len(_unembedded(document))
        if texts >= batch_size * _BATCHES_AT_ONCE:
            yield from _embed(waiting, embedder, batch_size, progress)
            waiting, texts = [], 0
    yield from _embed(waiting, embedder, batch_size, progress)


def _unembedded(document: Prepared) -> list[str]:
    return [] if document.vectors else [*document.texts, *chain.from_iterable(document.sentences)]


def _embed(
    waiting: Sequence[Prepared], embedder: Embedder, batch_size: int, progress: CurationProgress
) -> Iterator[tuple[Prepared, DocumentVectors]]:
    # Passages overlap and tables repeat themselves: each text once.
    texts = list(dict.fromkeys(chain.from_iterable(map(_unembedded, waiting))))
    rows = {text: row for row, text in enumerate(texts)}
    vectors = embedder.embed_passages(texts, batch_size, progress.embedded)

    def look_up(wanted: Sequence[str]) -> Vectors:
        return vectors[np.array([rows[text] for text in wanted], np.int64)]

    for document in waiting:
        yield (
            document,
            document.vectors or DocumentVectors(look_up(document.texts), list(map(look_up, document.sentences))),
        )
