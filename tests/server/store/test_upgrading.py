from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

import server.store
from server.store.database import open_database
from server.store.tables import VERSION

_MIGRATED_WITHOUT_ALEMBIC = """
import sys
from server.store.database import open_database
open_database(sys.argv[1]).migrate()
sys.exit("alembic" in sys.modules)
"""


def test_the_version_of_the_tables_is_the_last_one_that_is_written_down() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(server.store.__path__[0]) / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == VERSION


def test_tables_that_are_up_to_date_are_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'pincite.db'}"
    database = open_database(url)
    database.migrate()
    database.close()
    again = subprocess.run([sys.executable, "-c", _MIGRATED_WITHOUT_ALEMBIC, url], check=False, timeout=60)
    assert again.returncode == 0
