from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag import Settings
from server import serving
from server.cli.main import app

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _logs_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logging belongs to the whole process: the tests keep theirs."""
    monkeypatch.setattr(serving, "configure_logs", lambda _: None)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """What was asked to be served, in place of serving it."""
    settings: list[Settings] = []

    def serve(asked: Settings, tell: Callable[[str], object]) -> None:
        settings.append(asked)
        tell("Ready: http://127.0.0.1:1")

    monkeypatch.setattr(serving, "serve", serve)
    return settings


def test_the_settings_decide_where_to_listen(served: list[Settings], tmp_path: Path) -> None:
    config = tmp_path / "pincite.toml"
    config.write_text("[server]\nport = 4321\n", encoding="utf-8")
    result = RUN.invoke(app, ["--config", str(config), "serve"])
    assert (result.exit_code, result.output) == (0, "Ready: http://127.0.0.1:1\n")
    assert (served[0].server.host, served[0].server.port) == ("127.0.0.1", 4321)


def test_the_options_win(served: list[Settings]) -> None:
    RUN.invoke(app, ["serve", "--host", "::1", "--port", "0"])
    assert (served[0].server.host, served[0].server.port) == ("::1", 0)


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_wrong_usage(port: str, served: list[Settings]) -> None:
    assert RUN.invoke(app, ["serve", "--port", port]).exit_code == 2
    assert served == []


def test_an_open_server_without_a_key_is_refused_in_words(tmp_path: Path) -> None:
    config = tmp_path / "pincite.toml"
    config.write_text(f"index_dir = {str(tmp_path / 'house' / 'index')!r}\n", encoding="utf-8")
    result = RUN.invoke(app, ["--config", str(config), "serve", "--host", "0.0.0.0"])
    assert result.exit_code == 1
    assert "no key keeps them out" in result.stderr
    assert "pincite keys create NAME --scope chat,search" in result.stderr
