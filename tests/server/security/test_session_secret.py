from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import ConfigurationError
from rag.settings import ServerSettings, Settings
from server.security.session_secret import load_secret, secret_path


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "session.key"
    secret = load_secret(path)
    assert load_secret(path) == secret == path.read_bytes()
    assert len(secret) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_all_who_start_at_once_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(load_secret, [tmp_path / "session.key"] * 32))
    assert len(secrets) == 1


def test_what_an_interrupted_start_left_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "session.new").write_bytes(b"half")
    assert len(load_secret(tmp_path / "session.key")) == 32


def test_a_damaged_secret_is_an_error_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "session.key"
    path.write_bytes(b"short")
    with pytest.raises(ConfigurationError, match="damaged"):
        load_secret(path)
    assert path.read_bytes() == b"short"


def test_a_folder_that_cannot_be_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="cannot be used"):
        load_secret(tmp_path / "file" / "session.key")


@pytest.mark.parametrize(
    ("url", "folder"),
    [("", "home"), ("sqlite:///{}/elsewhere/chats.db", "elsewhere"), ("postgresql://someone@db/pincite", "home")],
)
def test_the_secret_lives_beside_the_database_or_the_index(tmp_path: Path, url: str, folder: str) -> None:
    server = ServerSettings(database_url=url.format(tmp_path))
    settings = Settings(index_dir=tmp_path / "home" / "index", server=server)
    assert secret_path(settings).parent == tmp_path / folder
