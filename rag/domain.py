"""The values that every step passes on. All are frozen; this module imports nothing of ``rag``.

Offsets (``start``, ``end``) count Unicode code points in a document's normalised text, end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "zh", "other"]
Verdict: TypeAlias = Literal["supported", "partial", "unsupported"]
Status: TypeAlias = Literal["answered", "not_in_corpus"]
Role: TypeAlias = Literal["system", "user", "assistant"]
MetadataValue: TypeAlias = str | int | float | bool | tuple[str, ...] | None
Metadata: TypeAlias = Mapping[str, MetadataValue]


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in a document's text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the slice of ``text`` that this span names."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its level from 1 and the span of its title, marks such as ``##`` left out."""

    level: int
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a paginated source, numbered from 1, and the span of text that came from it."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A source document after reading.

    ``version`` is the sha256 of ``text``; ``path`` is relative to the corpus folder, with forward slashes;
    ``metadata`` keeps the front matter. ``blocks`` are the spans a passage splitter must not merge across
    a sentence: paragraphs, list items, table rows, lines of code, in order of their start.
    """

    id: str
    title: str
    path: str
    text: str
    language: Language
    version: str
    format: str
    metadata: Metadata = field(default_factory=dict)
    headings: tuple[Heading, ...] = ()
    pages: tuple[Page, ...] = ()
    blocks: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one section of a document; the unit of retrieval.

    ``text == document.text[start:end]``. ``heading_path`` and ``title`` stand beside the text, outside its offsets.
    ``sentences`` are spans in the document's text.
    """

    id: str
    document_id: str
    title: str
    start: int
    end: int
    text: str
    language: Language
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    sentences: tuple[Span, ...] = ()

    def text_of(self, span: Span) -> str:
        """Return the text of a span of the document that lies within the passage."""
        return self.text[span.start - self.start : span.end - self.start]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, best first.

    ``score`` is the fused score in [0, 1]; ``dense`` the cosine similarity to the question, ``lexical`` the BM25
    score, each None where that leg did not return the passage.
    """

    passage: Passage
    score: float
    dense: float | None = None
    lexical: float | None = None


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """A source sentence shown to the model, with the passage it came from and its relevance to the question."""

    text: str
    start: int
    end: int
    passage: Passage
    relevance: float


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class DocumentReference:
    """Names one version of a document in a citation."""

    id: str
    title: str
    path: str
    language: Language
    version: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A pin: the exact span of a document version that a sentence rests on. ``quote == text[start:end]``."""

    marker: int
    document: DocumentReference
    passage_id: str
    start: int
    end: int
    quote: str
    heading: tuple[str, ...]
    page: int | None
    score: float


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence of the answer: its span in the answer's text, markers left out, its verdict and its citations."""

    text: str
    start: int
    end: int
    verdict: Verdict
    support: float
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model answered. ``sha256`` is empty where the backend cannot know it (a remote service)."""

    name: str
    sha256: str
    backend: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens spent, summed over the calls made for one answer."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.cached_tokens + other.cached_tokens,
            self.completion_tokens + other.completion_tokens,
        )


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the question's arrival; ``first_token`` is 0 where nothing was generated."""

    rewrite: int = 0
    retrieve: int = 0
    first_token: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """Why the question was answered or refused.

    ``gate`` is the score before generation, ``probability`` the calibrated one after it (None when the gate already
    refused), ``threshold`` the one it was held against, ``features`` what went in.
    """

    gate: float
    probability: float | None
    threshold: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """The contract: the same object in the library, ``--json``, HTTP, streams and the evaluation log.

    ``repeated`` marks one that was not made anew, but given to the same question before.
    """

    id: str
    question: str
    standalone_question: str
    language: Literal["en", "zh"]
    status: Status
    text: str
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    confidence: float
    snapshot: str
    model: ModelInfo
    usage: Usage
    timings_ms: Timings
    near: tuple[DocumentReference, ...] = ()
    sufficiency: Sufficiency | None = None
    repeated: bool = False
