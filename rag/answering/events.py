"""What an answer in the making reports, in this order: Understood, Found, Drafted pieces, Concluded."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias

from rag.domain import Answer, EvidenceSentence, Hit


@dataclass(frozen=True, slots=True)
class Understood:
    """The question as it is searched: rewritten to stand alone where it leaned on the history."""

    standalone_question: str


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval brought, best first, and the sentences of it that the model reads."""

    hits: tuple[Hit, ...]
    evidence: tuple[EvidenceSentence, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A piece of the draft. It may yet give way to a refusal."""

    text: str


@dataclass(frozen=True, slots=True)
class Concluded:
    """The decision: the whole Answer. Always last, and always there."""

    answer: Answer


Event: TypeAlias = Understood | Found | Drafted | Concluded
EventStream: TypeAlias = Generator[Event, None, None]
