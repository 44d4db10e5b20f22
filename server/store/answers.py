"""Answers in SQL, each as its JSON."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from rag.domain import Answer
from server.store.sessions import Sessions
from server.store.tables import AnswerRow, FeedbackRow, TurnRow

_ANSWER = TypeAdapter(Answer)


class SqlAnswerStore:
    """Keeps every answer given; see ``AnswerStore``."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def save(self, owner: str, answer: Answer) -> None:
        """Keep an answer; committed when this returns. One that is kept already stays as it is."""
        with self._sessions.writing() as session:
            keep_answer(session, owner, answer)

    def get(self, owner: str, answer_id: str) -> Answer | None:
        """Return an answer, equal to the one that was saved."""
        with self._sessions.reading() as session:
            content = session.scalar(
                select(AnswerRow.content).where(AnswerRow.id == answer_id, AnswerRow.owner == owner)
            )
        return None if content is None else decode_answer(content)


def keep_answer(session: Session, owner: str, answer: Answer) -> None:
    """Add an answer, unless one of its id is there."""
    if session.get(AnswerRow, answer.id) is None:
        content = _ANSWER.dump_json(answer).decode()
        session.add(AnswerRow(id=answer.id, owner=owner, created=datetime.now(UTC), content=content))
        session.flush()


def forget_answers(session: Session, answer_ids: list[str]) -> None:
    """Remove answers that no turn has any longer, except those that feedback names."""
    in_turn = exists().where(TurnRow.answer_id == AnswerRow.id)
    in_feedback = exists().where(FeedbackRow.answer_id == AnswerRow.id)
    session.execute(delete(AnswerRow).where(AnswerRow.id.in_(answer_ids), ~in_turn, ~in_feedback))


def decode_answer(content: str) -> Answer:
    """Return the answer that was kept as ``content``."""
    return _ANSWER.validate_json(content)
