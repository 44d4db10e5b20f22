from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import server.cli.main  # noqa: F401 - adds the commands of the server
from rag.cli.main import app
from server.store.database import open_database

pytestmark = pytest.mark.usefixtures("_home")


@pytest.fixture
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINCITE_SERVER__DATABASE_URL", f"sqlite:///{tmp_path / 'pincite.db'}")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["keys", *arguments])


def test_a_key_is_printed_once_and_works(tmp_path: Path) -> None:
    made = _run("create", "Lin", "--scope", "chat, admin")
    assert made.exit_code == 0
    key = made.stdout.strip()
    database = open_database(f"sqlite:///{tmp_path / 'pincite.db'}")
    identity = database.keys.verify(key)
    database.close()
    assert identity is not None
    assert (identity.name, identity.scopes) == ("Lin", frozenset({"chat", "admin"}))
    listed = _run("list", "--json").stdout + _run("list").stdout
    assert identity.key_id in listed
    assert key.rsplit("_", 1)[1] not in listed


def test_without_scopes_a_key_may_chat_and_search() -> None:
    _run("create", "Lin")
    (listed,) = json.loads(_run("list", "--json").stdout)
    assert (listed["name"], listed["scopes"], listed["last_used"], listed["revoked"]) == (
        "Lin",
        ["chat", "search"],
        None,
        None,
    )


def test_a_key_is_revoked_by_name_or_id() -> None:
    _run("create", "Lin")
    key_id = _run("create", "Mei").stdout.split("_")[1]
    for name in ("Lin", key_id):
        assert _run("revoke", name).exit_code == 0
        again = _run("revoke", name)
        assert again.exit_code == 1
        assert "no active key" in again.stderr
    assert all(row["revoked"] for row in json.loads(_run("list", "--json").stdout))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Lin", "--scope", "chat,everything"], "everything is no scope"),
        (["Lin", "--scope", ","], "may do nothing"),
        (["  "], "printable"),
        (["Lin\x1b[31m"], "printable"),
        (["x" * 101], "printable"),
    ],
)
def test_a_key_that_cannot_be_is_not_made(arguments: list[str], said: str) -> None:
    refused = _run("create", *arguments)
    assert refused.exit_code == 1
    assert said in refused.stderr
    assert json.loads(_run("list", "--json").stdout) == []


def test_a_name_is_taken_once() -> None:
    _run("create", "Lin")
    refused = _run("create", "Lin")
    assert refused.exit_code == 1
    assert "pincite keys revoke Lin" in refused.stderr


def test_names_are_shown_as_they_are() -> None:
    assert "There are no keys" in _run("list").stdout
    _run("create", "[red]林[/]")
    assert "[red]林[/]" in _run("list").stdout
    assert "[red]林[/]" in _run("revoke", "[red]林[/]").stdout
