"""What the server keeps, as values, and the protocols of the stores that keep it.

All values are frozen, all times timezone-aware UTC, all ids the 32 hex digits of a uuid4. ``owner`` is the id of the
key that calls, or ``LOCAL_OWNER``. What belongs to another owner is simply not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from rag.domain import Answer

LOCAL_OWNER = "local"

Rating: TypeAlias = Literal["up", "down"]
Target: TypeAlias = Literal["answer", "sentence", "citation"]
Reason: TypeAlias = Literal["wrong_citation", "not_in_source", "incomplete", "other", ""]


class UnknownConversation(Exception):  # noqa: N818 - reads as what happened
    """The owner has no conversation of that id."""


class UnknownAnswer(Exception):  # noqa: N818 - reads as what happened
    """The owner has no answer of that id."""


class TurnTaken(Exception):  # noqa: N818 - reads as what happened
    """The id of a new turn names a turn of another conversation."""


class NameTaken(Exception):  # noqa: N818 - reads as what happened
    """An active key has that name."""


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation without its turns; ``turns`` counts them."""

    id: str
    title: str
    created: datetime
    updated: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer; None where the answer never came: stopped, failed, or the process died."""

    id: str
    question: str
    answer: Answer | None
    asked: datetime
    answered: datetime | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its turns, oldest first."""

    id: str
    title: str
    created: datetime
    updated: datetime
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class NewFeedback:
    """An opinion on an answer, or on one part of it.

    ``index`` is the sentence's place from 0, the citation's marker, or None where the target is the whole answer.
    """

    answer_id: str
    rating: Rating
    target: Target = "answer"
    index: int | None = None
    reason: Reason = ""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(NewFeedback):
    """A kept opinion."""

    id: str
    owner: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls: the id of the key, its name, and what it may do."""

    key_id: str
    name: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is known of a key. The key itself is not kept, only its salted hash."""

    id: str
    name: str
    scopes: frozenset[str]
    created: datetime
    last_used: datetime | None
    revoked: datetime | None


class ConversationStore(Protocol):
    """Keeps conversations."""

    def create(self, owner: str, title: str = "") -> ConversationSummary:
        """Begin a conversation."""

    def list(self, owner: str, *, limit: int = 50, before: datetime | None = None) -> Sequence[ConversationSummary]:
        """Return conversations, the one that changed last first; ``before`` takes only those that changed earlier."""

    def get(self, owner: str, conversation_id: str) -> Conversation | None:
        """Return a conversation with its turns."""

    def rename(self, owner: str, conversation_id: str, title: str) -> bool:
        """Give a conversation another title; False where it is not there."""

    def delete(self, owner: str, conversation_id: str) -> bool:
        """Remove a conversation with its answers, except those that feedback names; False where it is not there."""

    def begin_turn(self, owner: str, conversation_id: str, turn_id: str, question: str) -> Turn:
        """Add a turn, or return the one of that id. The first question titles an untitled conversation.

        Raises:
            UnknownConversation: the owner has no such conversation.
            TurnTaken: ``turn_id`` names a turn of another conversation.
        """

    def finish_turn(self, turn_id: str, answer: Answer) -> None:
        """Keep the answer to a turn, committed when this returns; nothing where it was dropped or has its answer."""

    def drop_turns_from(self, owner: str, conversation_id: str, turn_id: str) -> None:
        """Remove that turn and all after it; nothing happens where it is gone already.

        Raises:
            UnknownConversation: the owner has no such conversation.
        """


class AnswerStore(Protocol):
    """Keeps every answer given, also outside conversations, so that feedback can name it."""

    def save(self, owner: str, answer: Answer) -> None:
        """Keep an answer; committed when this returns. One that is kept already stays as it is."""

    def get(self, owner: str, answer_id: str) -> Answer | None:
        """Return an answer, equal to the one that was saved."""


class FeedbackStore(Protocol):
    """Keeps what people think of answers."""

    def add(self, owner: str, feedback: NewFeedback) -> str:
        """Keep an opinion and return its id; it replaces the owner's earlier one on the same target.

        Raises:
            UnknownAnswer: the owner has no such answer.
        """

    def all(self) -> Iterator[tuple[Feedback, Answer]]:
        """Yield all opinions of all owners with the answers they are about, oldest first."""


class KeyStore(Protocol):
    """Keeps API keys, as salted hashes."""

    def create(self, name: str, scopes: frozenset[str]) -> str:
        """Make a key and return it: the only time that it is seen.

        Raises:
            NameTaken: an active key has that name.
        """

    def verify(self, key: str) -> Identity | None:
        """Return whose key it is, None for an unknown or revoked one, in a time that does not tell which."""

    def list(self) -> Sequence[KeyRecord]:
        """Return all keys, revoked ones too, oldest first."""

    def revoke(self, key_id_or_name: str) -> bool:
        """Make an active key worthless, found by its id or else its name; False where there is none."""

    def any_active(self) -> bool:
        """Say whether there is a key that is not revoked."""
