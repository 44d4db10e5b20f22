from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import make_url, text

from rag.errors import ConfigurationError
from rag.settings import Settings
from server.store.database import DatabaseError, database_url, open_database, opened_database
from server.store.sessions import open_engine
from server.store.tables import Table

_MIGRATE = "import sys; from server.store.database import open_database; open_database(sys.argv[1]).migrate()"


def _engine_url(url: str) -> str:
    return url.replace("postgresql:", "postgresql+psycopg:")


def test_the_migrations_make_the_tables_of_the_code(url: str) -> None:
    database = open_database(url)
    database.migrate()
    database.close()
    engine = open_engine(make_url(_engine_url(url)))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    engine.dispose()


def test_migrating_again_keeps_what_is_there(url: str) -> None:
    for _ in range(2):
        database = open_database(url)
        database.migrate()
        database.migrate()
        database.conversations.create("owner", "kept")
        database.close()
    database = open_database(url)
    assert [summary.title for summary in database.conversations.list("owner")] == ["kept", "kept"]
    database.close()


def test_processes_that_start_together_share_one_database(url: str) -> None:
    processes = [subprocess.Popen([sys.executable, "-c", _MIGRATE, url], stderr=subprocess.PIPE) for _ in range(3)]
    outcomes = [(process.communicate()[1], process.returncode) for process in processes]
    assert outcomes == [(b"", 0)] * 3
    database = open_database(url)
    assert database.conversations.list("owner") == []
    database.close()


def test_a_database_of_a_newer_version_is_left_alone(url: str) -> None:
    database = open_database(url)
    database.migrate()
    engine = open_engine(make_url(_engine_url(url)))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseError, match="newer version"):
        database.migrate()
    database.close()


def test_sqlite_survives_a_power_cut_and_is_read_while_written(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "pincite.db"
    database = open_database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    engine = open_engine(make_url(f"sqlite:///{path}"))
    with engine.connect() as connection:
        pragmas = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
        assert pragmas == ["wal", 2]
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    engine.dispose()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "wrong", ["", "nonsense", "mysql://host/name", "sqlite://", "sqlite:///:memory:", "postgresql+asyncpg://host/name"]
)
def test_another_kind_of_url_is_turned_away(wrong: str) -> None:
    with pytest.raises(ConfigurationError, match=r"server\.database_url"):
        open_database(wrong)


@pytest.mark.parametrize("name", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_a_server_that_is_not_there_is_named_without_its_password(name: str, tmp_path: Path) -> None:
    database = open_database(f"{name}user:secret@/name?host={tmp_path}")
    with pytest.raises(DatabaseError, match="cannot be used") as caught:
        database.migrate()
    assert "secret" not in str(caught.value)
    database.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pincite.db"
    path.write_text("These are the notes of somebody, and they are to be left alone. " * 20)
    database = open_database(f"sqlite:///{path}")
    with pytest.raises(DatabaseError, match="not a database"):
        database.migrate()
    database.close()
    assert path.read_text().startswith("These are the notes")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    database = open_database(f"sqlite:///{tmp_path / 'file' / 'pincite.db'}")
    with pytest.raises(DatabaseError, match="cannot be used"):
        database.migrate()
    database.close()


def test_without_a_url_the_database_lies_beside_the_index(tmp_path: Path) -> None:
    settings = Settings(index_dir=tmp_path / "a 100% #odd? folder" / "index")
    with opened_database(settings) as database:
        database.conversations.create("owner")
    assert (tmp_path / "a 100% #odd? folder" / "pincite.db").is_file()


def test_the_url_of_the_settings_is_used() -> None:
    settings = Settings.model_validate({"server": {"database_url": "postgresql://host/name"}})
    assert database_url(settings) == "postgresql://host/name"
