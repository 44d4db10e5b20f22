"""The tables. A change here needs a version beside it in ``migrations/versions``."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, Index, Text, TypeDecorator, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# The last of ``migrations/versions``: tables of this version are up to date.
VERSION = "0001"


class UtcTime(TypeDecorator[datetime]):
    """A timezone-aware time, UTC when read. SQLite keeps no timezones, so it is given UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time as the database takes it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no timezone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the time in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class SafeText(TypeDecorator[str]):
    """Text in which NUL, which Postgres cannot keep, is U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as both databases take it."""
        return None if value is None else value.replace("\0", "\ufffd")


class Table(DeclarativeBase):
    """The base of all tables."""

    type_annotation_map = {str: SafeText, datetime: UtcTime}  # noqa: RUF012 - SQLAlchemy's form


class ConversationRow(Table):
    """A conversation."""

    __tablename__ = "conversations"
    __table_args__ = (Index("conversations_by_owner", "owner", "updated"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    title: Mapped[str]
    created: Mapped[datetime]
    updated: Mapped[datetime]


class AnswerRow(Table):
    """An answer, as its JSON."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    created: Mapped[datetime]
    content: Mapped[str]


class TurnRow(Table):
    """A question of a conversation, its place in it, and which answer it got."""

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("conversation_id", "position", name="turns_in_order"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    position: Mapped[int]
    question: Mapped[str]
    asked: Mapped[datetime]
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("answers.id", ondelete="SET NULL"), index=True)
    answered: Mapped[datetime | None]


class FeedbackRow(Table):
    """An opinion on an answer or a part of it."""

    __tablename__ = "feedback"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    created: Mapped[datetime] = mapped_column(index=True)
    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"), index=True)
    rating: Mapped[str]
    target: Mapped[str]
    index: Mapped[int | None]
    reason: Mapped[str]
    comment: Mapped[str]


class KeyRow(Table):
    """An API key, as its salted hash. Active keys have names of their own."""

    __tablename__ = "keys"
    __table_args__ = (
        Index(
            "keys_by_name",
            "name",
            unique=True,
            sqlite_where=text("revoked IS NULL"),
            postgresql_where=text("revoked IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    hashed: Mapped[str]
    scopes: Mapped[str]
    created: Mapped[datetime]
    last_used: Mapped[datetime | None]
    revoked: Mapped[datetime | None]
