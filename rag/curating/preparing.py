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
from rag.models.installation import hash_file
from rag.reading import read_document
from rag.settings import Settings

# Texts are embedded in batches of like length, so it pays to have many to choose from.
_BATCHES_AT_ONCE = 8
# What is carried over at once: memory stays flat.
_UNCHANGED_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready to be embedded and indexed, with the text to index for each passage."""

    file: FileState
    document: Document
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]

    @property
    def sentences(self) -> list[list[str]]:
        """The own sentences of each passage."""
        return [[passage.text_of(span) for span in own_sentences(passage)] for passage in self.passages]


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Documents whose files did not change, and whose rows in the earlier snapshot follow one another."""

    records: tuple[DocumentRecord, ...]


class Preparation:
    """Reads and splits the files of ``corpus`` in order; what cannot be read goes to ``skipped``, with its reason.

    ``unchanged`` are the documents, by path, that an earlier snapshot holds as they are.
    """

    def __init__(
        self, corpus: Corpus, settings: Settings, counter: TokenCounter, unchanged: Mapping[str, DocumentRecord]
    ) -> None:
        self.skipped: list[SkippedRecord] = []
        self._corpus = corpus
        self._settings = settings
        self._counter = counter
        self._unchanged = unchanged
        self._paths_by_id: dict[str, str] = {}

    def documents(self, progress: CurationProgress) -> Iterator[Prepared | Unchanged]:
        """Yield the documents in order, as the embedding step asks for them, those that did not change by the many."""
        progress.planned(len(self._corpus.files))
        run: list[DocumentRecord] = []
        for file in self._corpus.files:
            known = self._unchanged.get(file.path)
            if run and not (known and _goes_on(run, known)):
                yield Unchanged(tuple(run))
                run = []
            try:
                if known:
                    self._claim_id(known.id, file.path)
                    run.append(_as_it_is_now(known, file))
                else:
                    prepared = self._prepare(file)
                    self._claim_id(prepared.document.id, file.path)
                    yield prepared
            except UnreadableFileError as error:
                self.skipped.append(SkippedRecord(file=_state(file, ""), reason=error.message))
            progress.file_done()
        if run:
            yield Unchanged(tuple(run))

    def _prepare(self, file: CorpusFile) -> Prepared:
        try:
            document = read_document(self._corpus.root / file.path, self._corpus.root, self._settings.reading)
            _check_storable(document)
            passages = tuple(split_passages(document, self._counter, self._settings.chunking))
            return Prepared(self._read_state(file), document, passages, tuple(map(embedding_text, passages)))
        except UnreadableFileError:
            raise
        except Exception as error:  # whatever a file provokes, it must not stop the rest
            raise UnreadableFileError(f"cannot be processed ({type(error).__name__}: {error})") from error

    def _read_state(self, file: CorpusFile) -> FileState:
        """Return the state of a file just read; without a hash if it changed meanwhile, so that it is read again."""
        path = self._corpus.root / file.path
        sha256 = hash_file(path)
        status = path.stat()
        same = (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)
        return _state(file, sha256 if same else "")

    def _claim_id(self, identity: str, path: str) -> None:
        first = self._paths_by_id.setdefault(identity, path)
        if first != path:
            raise UnreadableFileError(f"its id {identity!r} is the one of {first}", "Give each document its own id.")


def _state(file: CorpusFile, sha256: str) -> FileState:
    return FileState(path=file.path, size=file.size, mtime_ns=file.mtime_ns, sha256=sha256)


def _as_it_is_now(known: DocumentRecord, file: CorpusFile) -> DocumentRecord:
    """Return the record with the time of ``file``, which may have been touched."""
    if known.file.mtime_ns == file.mtime_ns:
        return known
    return known.model_copy(update={"file": _state(file, known.file.sha256)})


def _goes_on(run: Sequence[DocumentRecord], following: DocumentRecord) -> bool:
    """Whether the rows of ``following`` come right after those of ``run``, which is not yet as long as it may be."""
    return run[-1].first_row + run[-1].count == following.first_row and len(run) < _UNCHANGED_AT_ONCE


def _check_storable(document: Document) -> None:
    """Turn away lone surrogates and values without a JSON form while the file can still be named."""
    json.dumps([document.id, document.title, dict(document.metadata)], ensure_ascii=False).encode("utf-8")


def embedded(
    documents: Iterable[Prepared | Unchanged], embedder: Embedder, batch_size: int, progress: CurationProgress
) -> Iterator[tuple[Prepared, DocumentVectors] | Unchanged]:
    """Yield the documents in order, those that were read with their vectors; many are embedded together."""
    waiting: list[Prepared | Unchanged] = []
    texts = 0
    for document in documents:
        waiting.append(document)
        texts += len(_texts(document))
        if texts >= batch_size * _BATCHES_AT_ONCE:
            yield from _embed(waiting, embedder, batch_size, progress)
            waiting, texts = [], 0
    yield from _embed(waiting, embedder, batch_size, progress)


def _texts(document: Prepared | Unchanged) -> list[str]:
    """Return what is embedded of a document: its passages, and their own sentences."""
    return [] if isinstance(document, Unchanged) else [*document.texts, *chain.from_iterable(document.sentences)]


def _embed(
    waiting: Sequence[Prepared | Unchanged], embedder: Embedder, batch_size: int, progress: CurationProgress
) -> Iterator[tuple[Prepared, DocumentVectors] | Unchanged]:
    # Passages overlap and tables repeat themselves: each text once.
    texts = list(dict.fromkeys(chain.from_iterable(map(_texts, waiting))))
    rows = {text: row for row, text in enumerate(texts)}
    vectors = embedder.embed_passages(texts, batch_size, progress.embedded)

    def look_up(wanted: Sequence[str]) -> Vectors:
        return vectors[np.array([rows[text] for text in wanted], np.int64)]

    for document in waiting:
        if isinstance(document, Unchanged):
            yield document
        else:
            yield document, DocumentVectors(look_up(document.texts), list(map(look_up, document.sentences)))
