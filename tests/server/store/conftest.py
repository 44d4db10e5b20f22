"""A database of each kind for every test that asks for one: SQLite in a file, and a real Postgres."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from server.store.database import Database, open_database
from tests.server.store.postgres_server import running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a database on a running Postgres."""
    with running_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new, empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'pincite.db'}"
    server: str = request.getfixturevalue("postgres")
    schema = f"test_{uuid.uuid4().hex}"  # as good as a database of its own, and made in no time
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    return f"{server}&options=-csearch_path%3D{schema}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database with its tables."""
    opened = open_database(url)
    opened.migrate()
    yield opened
    opened.close()
