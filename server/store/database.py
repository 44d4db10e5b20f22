"""The database as a whole: opened by its URL, brought up to date, closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from rag.errors import ConfigurationError, PinciteError
from rag.settings import Settings
from server.store.answers import SqlAnswerStore
from server.store.conversations import SqlConversationStore
from server.store.feedback import SqlFeedbackStore
from server.store.keys import SqlKeyStore
from server.store.sessions import Sessions, open_engine
from server.store.tables import VERSION

# Any number will do, as long as all processes of Pincite take the same one.
_POSTGRES_LOCK = 7_462_483
_POSTGRES_NAMES = frozenset({"postgres", "postgresql"})


class DatabaseError(PinciteError):
    """The database cannot be opened or brought up to date."""


class Database:
    """The stores over one database. Safe to use from several threads; several processes may share one."""

    def __init__(self, engine: Engine) -> None:
        sessions = Sessions(engine)
        self.conversations = SqlConversationStore(sessions)
        self.answers = SqlAnswerStore(sessions)
        self.feedback = SqlFeedbackStore(sessions)
        self.keys = SqlKeyStore(sessions)
        self._engine = engine

    def migrate(self) -> None:
        """Bring the tables up to date, making them where there are none. One process at a time does it.

        Raises:
            DatabaseError: the database cannot be reached, or is newer than this version of Pincite.
        """
        try:
            with self._migrating() as connection:
                if _version(connection) != VERSION:
                    self._upgrade(connection)
        except (DBAPIError, OSError) as error:
            raise DatabaseError(
                f"The database {self._name()} cannot be used: {_reason(error)}.",
                "Check server.database_url (PINCITE_SERVER__DATABASE_URL).",
            ) from error

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def _upgrade(self, connection: Connection) -> None:
        from server.store.upgrading import UnknownVersionError, upgrade  # noqa: PLC0415 - slow to import

        try:
            upgrade(connection)
        except UnknownVersionError as error:
            raise DatabaseError(
                f"The database {self._name()} was written by a newer version of Pincite.", "Install that version."
            ) from error

    def _migrating(self) -> AbstractContextManager[Connection]:
        return self._migrating_sqlite() if self._engine.dialect.name == "sqlite" else self._migrating_postgres()

    @contextmanager
    def _migrating_sqlite(self) -> Iterator[Connection]:
        path = Path(self._engine.url.database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock"):
            path.touch(mode=0o600)  # conversations are for its owner alone
            with self._engine.connect() as connection:
                # Kept in the file; outside a transaction, as SQLite asks.
                connection.connection.driver_connection.execute("PRAGMA journal_mode = WAL")  # type: ignore[union-attr]
                with connection.begin():
                    yield connection

    @contextmanager
    def _migrating_postgres(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _POSTGRES_LOCK})
            yield connection

    def _name(self) -> str:
        return self._engine.url.render_as_string(hide_password=True)


def open_database(url: str) -> Database:
    """Open the database at a SQLAlchemy URL: ``sqlite:///FILE`` or ``postgresql://…``. Nothing is connected yet.

    Raises:
        ConfigurationError: no such URL, or another kind of database.
    """
    return Database(open_engine(_parse(url)))


@contextmanager
def opened_database(settings: Settings) -> Iterator[Database]:
    """Open the database of the settings, up to date, for one ``with`` block.

    Raises:
        ConfigurationError: see ``open_database``.
        DatabaseError: see ``Database.migrate``.
    """
    with closing(open_database(database_url(settings))) as database:
        database.migrate()
        yield database


def database_url(settings: Settings) -> str:
    """Return the URL that the settings name: their own, or a SQLite file beside the index."""
    if settings.server.database_url:
        return settings.server.database_url
    path = settings.index_dir.resolve().parent / "pincite.db"
    return URL.create("sqlite", database=str(path)).render_as_string()


def _version(connection: Connection) -> str | None:
    """Return the version of the tables; None where there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return version


def _parse(name: str) -> URL:
    remedy = "Use sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
    try:
        url = make_url(name)
    except ArgumentError as error:
        raise ConfigurationError("server.database_url is not a database URL.", remedy) from error
    if url.drivername in _POSTGRES_NAMES:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise ConfigurationError(f"server.database_url names {url.drivername}, which is not supported.", remedy)
    if url.drivername == "sqlite" and url.database in (None, "", ":memory:"):
        raise ConfigurationError("server.database_url names a database in memory, which would not last.", remedy)
    return url


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return " ".join(str(cause).split()).rstrip(".")
