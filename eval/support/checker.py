"""The product's own citing of a text, held against source texts that are given in place of retrieval."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from rag import Embedder
from rag.answering.citing import Citer
from rag.answering.drafting import DraftCiter
from rag.answering.evidence import Evidence, embedding_on_the_spot, select_evidence
from rag.answering.support import TermWeight
from rag.chunking.passages import embedding_text, split_passages
from rag.domain import AnswerSentence, Document, DocumentReference, Hit, Language, Passage
from rag.embedding.remembering import RememberingEmbedder
from rag.index.lexical import LexicalWriter, TantivyLexical
from rag.index.name_pairs import NamePair, find_name_pairs
from rag.language import detect_language
from rag.reading.normalising import normalise
from rag.settings import ChunkingSettings

# Sentences are embedded with others of like length, so it pays to take many together.
_TEXTS_AT_ONCE = 16
_SENTENCES_IN_BATCH = 32


@dataclass(frozen=True, slots=True)
class Held:
    """A text with the ids of the documents that it is held against, and its language where that is known."""

    text: str
    documents: tuple[str, ...]
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """A text after citing: its sentences, what is quoted for them, and the facts that their sources lack."""

    sentences: tuple[AnswerSentence, ...]
    quotes: tuple[str, ...]
    lacking: tuple[str, ...]


class Checker:
    """Cites texts as ``ask`` cites a draft; sources are whole documents, all of whose sentences may be cited."""

    def __init__(
        self,
        passages: Mapping[str, Sequence[Passage]],
        embedder: Embedder,
        weight: TermWeight,
        name_pairs: Sequence[NamePair] = (),
    ) -> None:
        self._passages = passages
        self._embedder = RememberingEmbedder(embedder)
        self._weight = weight
        self._name_pairs = name_pairs

    def cite_all(self, texts: Sequence[Held]) -> Iterator[Cited]:
        """Yield each text cited, in order."""
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            group = texts[start : start + _TEXTS_AT_ONCE]
            passages = [passage for held in group for passage in self._passages_of(held)]
            sentences = {passage.text_of(span) for passage in passages for span in passage.sentences}
            self._embedder.embed_passages(sorted(sentences), _SENTENCES_IN_BATCH)
            yield from map(self.cite, group)

    def cite(self, held: Held) -> Cited:
        """Cite the sentences of a text."""
        text = normalise(held.text)
        passages = self._passages_of(held)
        evidence = self._evidence(text, passages)
        references = {
            passage.document_id: DocumentReference(passage.document_id, passage.title, "", passage.language, "")
            for passage in passages
        }
        embedder, weight, pairs = self._embedder, self._weight, self._name_pairs
        draft = DraftCiter(lambda: Citer(evidence, references, embedder, weight, pairs, held.language))
        draft.add(text)
        draft.finish()
        citer = draft.citer
        quotes = tuple(citation.quote for citation in citer.citations)
        return Cited(tuple(citer.sentences), quotes, tuple(sorted(citer.lacking)))

    def _passages_of(self, held: Held) -> list[Passage]:
        return [passage for name in held.documents for passage in self._passages[name]]

    def _evidence(self, text: str, passages: Sequence[Passage]) -> Evidence:
        """Return all the sentences of ``passages``; closeness to ``text`` only orders them."""
        vectors = self._embedder.embed_queries([text])
        hits = [Hit(passage, 1.0) for passage in passages]
        return select_evidence(vectors, hits, embedding_on_the_spot(self._embedder), len, sys.maxsize)


@contextmanager
def opened_checker(documents: Iterable[Document], embedder: Embedder, chunking: ChunkingSettings) -> Iterator[Checker]:
    """Open a checker over ``documents``, which may be cited by their ids.

    Words weigh what they would weigh in an index of just these documents.
    """
    by_id = {document.id: document for document in documents}
    passages = {name: split_passages(document, embedder, chunking) for name, document in by_id.items()}
    pairs = {pair for document in by_id.values() for pair in find_name_pairs(document.text)}
    with TemporaryDirectory() as folder:
        writer = LexicalWriter(Path(folder))
        for row, passage in enumerate(passage for group in passages.values() for passage in group):
            writer.add(row, embedding_text(passage), passage.language)
        writer.close()
        weight = TantivyLexical.open(Path(folder)).idf
        yield Checker(passages, embedder, weight, sorted(pairs, key=lambda pair: (pair.latin, pair.han)))


def source_document(identity: str, text: str, title: str = "") -> Document:
    """Return ``text`` as a document of plain text; each line starts a sentence."""
    text = normalise(text)
    version = sha256(text.encode()).hexdigest()
    return Document(identity, title, identity, text, detect_language(text), version, "text")
