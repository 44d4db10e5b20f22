"""Engines and sessions: how the database is reached, and when a transaction begins and ends."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session, sessionmaker

_BUSY_TIMEOUT_S = 30
# Beyond the five that stay open; a thread that finds none waits for one.
_MORE_CONNECTIONS = 15
_WRITING = {"sqlite_begin": "BEGIN IMMEDIATE"}


class Sessions:
    """Opens a session for one transaction, committed when its ``with`` block ends well and else rolled back."""

    def __init__(self, engine: Engine) -> None:
        self.reading = sessionmaker(engine, expire_on_commit=False).begin
        self._writing = sessionmaker(engine.execution_options(**_WRITING), expire_on_commit=False).begin

    def writing(self) -> AbstractContextManager[Session]:
        """Open a session that writes: in SQLite it waits for its turn before it reads anything."""
        return self._writing()


def open_engine(url: URL) -> Engine:
    """Return an engine for a SQLite file or a Postgres server; nothing is connected yet."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, max_overflow=_MORE_CONNECTIONS, hide_parameters=True)
    arguments = {"timeout": _BUSY_TIMEOUT_S}
    # Parameters hold questions, and errors end up in logs.
    engine = create_engine(url, max_overflow=_MORE_CONNECTIONS, connect_args=arguments, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:  # noqa: ANN401 - the pool's record, unused
    # The driver would begin a transaction only at the first write, too late for a read that the write rests on.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # With a write-ahead log, only FULL brings a committed transaction through a power cut.
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))
