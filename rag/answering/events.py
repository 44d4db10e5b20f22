"""What an answer in the making reports: Understood, Found, Drafted pieces and Cited sentences, Verifying, Translating
where the sources are in another language, and Concluded."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias

from rag.domain import Answer, AnswerSentence, Citation, EvidenceSentence, Hit


@dataclass(frozen=True, slots=True)
class Understood:
    """The question as it is searched: rewritten to stand alone where it leaned on the history."""

    standalone_question: str


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval brought, best first, and the sentences of it that the model reads.

    It comes again, with more sentences, where a draft did not surely hold: a second one follows, and the better wins.
    """

    hits: tuple[Hit, ...]
    evidence: tuple[EvidenceSentence, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A piece of the draft. It may yet give way to a refusal."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence of the draft that has ended, with the citations that no sentence before it used."""

    sentence: AnswerSentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Verifying:
    """The draft has ended; whether its sources bear it out is being asked."""


@dataclass(frozen=True, slots=True)
class Translating:
    """The draft holds; its sources are in another language, and it is put into that of the question."""


@dataclass(frozen=True, slots=True)
class Concluded:
    """The decision: the whole Answer. Always last, and always there."""

    answer: Answer


Event: TypeAlias = Understood | Found | Drafted | Cited | Verifying | Translating | Concluded
EventStream: TypeAlias = Generator[Event, None, None]
