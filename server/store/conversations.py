"""Conversations in SQL."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from rag.domain import Answer
from server.store.answers import decode_answer, forget_answers, keep_answer
from server.store.base import Conversation, ConversationSummary, Turn, TurnTaken, UnknownConversation
from server.store.sessions import Sessions
from server.store.tables import AnswerRow, ConversationRow, TurnRow

_TITLE_CHARACTERS = 80


class SqlConversationStore:
    """Keeps conversations; see ``ConversationStore``."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def create(self, owner: str, title: str = "") -> ConversationSummary:
        """Begin a conversation."""
        now = datetime.now(UTC)
        row = ConversationRow(id=uuid.uuid4().hex, owner=owner, title=title, created=now, updated=now)
        with self._sessions.writing() as session:
            session.add(row)
        return ConversationSummary(row.id, title, now, now, turns=0)

    def list(self, owner: str, *, limit: int = 50, before: datetime | None = None) -> Sequence[ConversationSummary]:
        """Return conversations, the one that changed last first; ``before`` takes only those that changed earlier."""
        turns = select(func.count()).where(TurnRow.conversation_id == ConversationRow.id).scalar_subquery()
        wanted = select(ConversationRow, turns).where(ConversationRow.owner == owner)
        if before is not None:
            wanted = wanted.where(ConversationRow.updated < before)
        wanted = wanted.order_by(ConversationRow.updated.desc(), ConversationRow.id).limit(limit)
        with self._sessions.reading() as session:
            return [
                ConversationSummary(row.id, row.title, row.created, row.updated, count)
                for row, count in session.execute(wanted)
            ]

    def get(self, owner: str, conversation_id: str) -> Conversation | None:
        """Return a conversation with its turns."""
        with self._sessions.reading() as session:
            row = session.scalar(select(ConversationRow).where(*_is(owner, conversation_id)))
            if row is None:
                return None
            found = session.execute(_turns().where(TurnRow.conversation_id == row.id).order_by(TurnRow.position)).all()
        turns = tuple(_turn(turn, content) for turn, content in found)
        return Conversation(row.id, row.title, row.created, row.updated, turns)

    def rename(self, owner: str, conversation_id: str, title: str) -> bool:
        """Give a conversation another title; False where it is not there."""
        with self._sessions.writing() as session:
            row = _lock(session, owner, conversation_id)
            if row is not None:
                row.title, row.updated = title, datetime.now(UTC)
            return row is not None

    def delete(self, owner: str, conversation_id: str) -> bool:
        """Remove a conversation with its answers, except those that feedback names; False where it is not there."""
        with self._sessions.writing() as session:
            row = _lock(session, owner, conversation_id)
            if row is None:
                return False
            _drop_turns(session, TurnRow.conversation_id == row.id)
            session.delete(row)
            return True

    def begin_turn(self, owner: str, conversation_id: str, turn_id: str, question: str) -> Turn:
        """Add a turn at the end, or return the turn of that id when it is there already.

        The first question titles an untitled conversation.

        Raises:
            UnknownConversation: the owner has no such conversation.
            TurnTaken: ``turn_id`` names a turn of another conversation.
        """
        try:
            with self._sessions.writing() as session:
                row = _require(session, owner, conversation_id)
                known = session.execute(_turns().where(TurnRow.id == turn_id)).one_or_none()
                if known is not None:
                    return _known_turn(known[0], known[1], conversation_id)
                return _turn(_add_turn(session, row, turn_id, question), None)
        except IntegrityError as error:  # begun in another conversation at the same moment
            raise TurnTaken(turn_id) from error

    def finish_turn(self, turn_id: str, answer: Answer) -> None:
        """Keep the answer to a turn; it is committed when this returns.

        Nothing happens where the turn was dropped meanwhile or has its answer.
        """
        # The conversation is locked before its turns, as everywhere, so that no two transactions wait for each other.
        of_turn = select(TurnRow.conversation_id).where(TurnRow.id == turn_id)
        its_conversation = select(ConversationRow).where(ConversationRow.id.in_(of_turn)).with_for_update()
        with self._sessions.writing() as session:
            conversation = session.scalar(its_conversation)
            turn = session.get(TurnRow, turn_id)
            if conversation is None or turn is None or turn.answer_id is not None:
                return
            keep_answer(session, conversation.owner, answer)
            turn.answer_id = answer.id
            turn.answered = conversation.updated = datetime.now(UTC)

    def drop_turns_from(self, owner: str, conversation_id: str, turn_id: str) -> None:
        """Remove that turn and all after it; nothing happens where it is gone already.

        Raises:
            UnknownConversation: the owner has no such conversation.
        """
        with self._sessions.writing() as session:
            row = _require(session, owner, conversation_id)
            of_conversation = TurnRow.conversation_id == row.id
            position = session.scalar(select(TurnRow.position).where(of_conversation, TurnRow.id == turn_id))
            if position is not None:
                _drop_turns(session, of_conversation, TurnRow.position >= position)
                row.updated = datetime.now(UTC)


def _is(owner: str, conversation_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ConversationRow.id == conversation_id, ConversationRow.owner == owner


def _lock(session: Session, owner: str, conversation_id: str) -> ConversationRow | None:
    """Return a conversation that no other transaction changes until this one ends."""
    return session.scalar(select(ConversationRow).where(*_is(owner, conversation_id)).with_for_update())


def _require(session: Session, owner: str, conversation_id: str) -> ConversationRow:
    row = _lock(session, owner, conversation_id)
    if row is None:
        raise UnknownConversation(conversation_id)
    return row


def _turns() -> Select[TurnRow, str | None]:
    return select(TurnRow, AnswerRow.content).outerjoin(AnswerRow, AnswerRow.id == TurnRow.answer_id)


def _turn(row: TurnRow, content: str | None) -> Turn:
    answer = None if content is None else decode_answer(content)
    return Turn(row.id, row.question, answer, row.asked, row.answered)


def _known_turn(row: TurnRow, content: str | None, conversation_id: str) -> Turn:
    if row.conversation_id != conversation_id:
        raise TurnTaken(row.id)
    return _turn(row, content)


def _add_turn(session: Session, conversation: ConversationRow, turn_id: str, question: str) -> TurnRow:
    now = datetime.now(UTC)
    last = session.scalar(select(func.max(TurnRow.position)).where(TurnRow.conversation_id == conversation.id))
    position = 0 if last is None else last + 1
    turn = TurnRow(id=turn_id, conversation_id=conversation.id, position=position, question=question, asked=now)
    session.add(turn)
    conversation.title = conversation.title or " ".join(question.split())[:_TITLE_CHARACTERS]
    conversation.updated = now
    session.flush()
    return turn


def _drop_turns(session: Session, *which: ColumnElement[bool]) -> None:
    answers = [identity for identity in session.scalars(select(TurnRow.answer_id).where(*which)) if identity]
    session.execute(delete(TurnRow).where(*which))
    forget_answers(session, answers)
