"""Conversations with their turns, answers, feedback and keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from server.store.tables import SafeText, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "conversations",
        sa.Column("id", SafeText, primary_key=True),
        sa.Column("owner", SafeText, nullable=False),
        sa.Column("title", SafeText, nullable=False),
        sa.Column("created", UtcTime, nullable=False),
        sa.Column("updated", UtcTime, nullable=False),
    )
    op.create_index("conversations_by_owner", "conversations", ["owner", "updated"])
    op.create_table(
        "answers",
        sa.Column("id", SafeText, primary_key=True),
        sa.Column("owner", SafeText, nullable=False),
        sa.Column("created", UtcTime, nullable=False),
        sa.Column("content", SafeText, nullable=False),
    )
    _create_turns()
    _create_feedback()
    _create_keys()


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", SafeText, primary_key=True),
        sa.Column("conversation_id", SafeText, sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("question", SafeText, nullable=False),
        sa.Column("asked", UtcTime, nullable=False),
        sa.Column("answer_id", SafeText, sa.ForeignKey("answers.id", ondelete="SET NULL")),
        sa.Column("answered", UtcTime),
        sa.UniqueConstraint("conversation_id", "position", name="turns_in_order"),
    )
    op.create_index("ix_turns_answer_id", "turns", ["answer_id"])


def _create_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", SafeText, primary_key=True),
        sa.Column("owner", SafeText, nullable=False),
        sa.Column("created", UtcTime, nullable=False),
        sa.Column("answer_id", SafeText, sa.ForeignKey("answers.id", ondelete="CASCADE"), nullable=False),
        sa.Column("rating", SafeText, nullable=False),
        sa.Column("target", SafeText, nullable=False),
        sa.Column("index", sa.Integer),
        sa.Column("reason", SafeText, nullable=False),
        sa.Column("comment", SafeText, nullable=False),
    )
    op.create_index("ix_feedback_created", "feedback", ["created"])
    op.create_index("ix_feedback_answer_id", "feedback", ["answer_id"])


def _create_keys() -> None:
    op.create_table(
        "keys",
        sa.Column("id", SafeText, primary_key=True),
        sa.Column("name", SafeText, nullable=False),
        sa.Column("hashed", SafeText, nullable=False),
        sa.Column("scopes", SafeText, nullable=False),
        sa.Column("created", UtcTime, nullable=False),
        sa.Column("last_used", UtcTime),
        sa.Column("revoked", UtcTime),
    )
    active = sa.text("revoked IS NULL")
    op.create_index("keys_by_name", "keys", ["name"], unique=True, sqlite_where=active, postgresql_where=active)
