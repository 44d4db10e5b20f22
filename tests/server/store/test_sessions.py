from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import make_url, select

from server.store.database import Database
from server.store.sessions import Sessions, open_engine
from server.store.tables import ConversationRow


@pytest.fixture
def sessions(url: str, database: Database) -> Iterator[Sessions]:
    """Sessions of a database of which ``database`` has made the tables."""
    engine = open_engine(make_url(url.replace("postgresql:", "postgresql+psycopg:")))
    yield Sessions(engine)
    engine.dispose()


def _row(identity: str, title: str = "") -> ConversationRow:
    now = datetime.now(UTC)
    return ConversationRow(id=identity, owner="owner", title=title, created=now, updated=now)


def test_what_ends_badly_leaves_nothing(sessions: Sessions, database: Database) -> None:
    with pytest.raises(RuntimeError, match="on purpose"), sessions.writing() as session:
        session.add(_row("lost"))
        session.flush()
        raise RuntimeError("on purpose")
    assert database.conversations.list("owner") == []


def test_writers_wait_for_each_other_and_lose_no_change(sessions: Sessions, database: Database) -> None:
    with sessions.writing() as session:
        session.add(_row("counter", "0"))

    def count(_: int) -> None:
        wanted = select(ConversationRow).where(ConversationRow.id == "counter").with_for_update()
        with sessions.writing() as session:
            row = session.scalars(wanted).one()
            row.title = str(int(row.title) + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(40)))
    assert [summary.title for summary in database.conversations.list("owner")] == ["40"]


def test_readers_see_what_is_committed_while_another_writes(sessions: Sessions, database: Database) -> None:
    with sessions.writing() as session:
        session.add(_row("unfinished"))
        session.flush()
        assert database.conversations.list("owner") == []
    assert [summary.id for summary in database.conversations.list("owner")] == ["unfinished"]
