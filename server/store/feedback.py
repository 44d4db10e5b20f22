"""Feedback in SQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import delete, select

from rag.domain import Answer
from server.store.answers import decode_answer
from server.store.base import Feedback, NewFeedback, Rating, Reason, Target, UnknownAnswer
from server.store.sessions import Sessions
from server.store.tables import AnswerRow, FeedbackRow

_ROWS_AT_ONCE = 100


class SqlFeedbackStore:
    """Keeps what people think of answers; see ``FeedbackStore``."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def add(self, owner: str, feedback: NewFeedback) -> str:
        """Keep an opinion and return its id; it replaces the owner's earlier one on the same target.

        Raises:
            UnknownAnswer: the owner has no such answer.
        """
        answer = select(AnswerRow.id).where(AnswerRow.id == feedback.answer_id, AnswerRow.owner == owner)
        earlier = delete(FeedbackRow).where(
            FeedbackRow.owner == owner,
            FeedbackRow.answer_id == feedback.answer_id,
            FeedbackRow.target == feedback.target,
            FeedbackRow.index.is_not_distinct_from(feedback.index),
        )
        row = FeedbackRow(id=uuid.uuid4().hex, owner=owner, created=datetime.now(UTC), **asdict(feedback))
        with self._sessions.writing() as session:
            # Locked, so that of two opinions at the same moment one replaces the other.
            if session.scalar(answer.with_for_update()) is None:
                raise UnknownAnswer(feedback.answer_id)
            session.execute(earlier)
            session.add(row)
        return row.id

    def all(self) -> Iterator[tuple[Feedback, Answer]]:
        """Yield all opinions of all owners with the answers they are about, oldest first."""
        wanted = (
            select(FeedbackRow, AnswerRow.content)
            .join(AnswerRow, AnswerRow.id == FeedbackRow.answer_id)
            .order_by(FeedbackRow.created, FeedbackRow.id)
        )
        with self._sessions.reading() as session:
            for row, content in session.execute(wanted.execution_options(yield_per=_ROWS_AT_ONCE)):
                yield _feedback(row), decode_answer(content)


def _feedback(row: FeedbackRow) -> Feedback:
    return Feedback(
        id=row.id,
        owner=row.owner,
        created=row.created,
        answer_id=row.answer_id,
        rating=cast(Rating, row.rating),
        target=cast(Target, row.target),
        index=row.index,
        reason=cast(Reason, row.reason),
        comment=row.comment,
    )
