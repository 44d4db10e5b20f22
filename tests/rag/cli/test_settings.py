import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag.cli.main import app
from rag.cli.settings import settings_reference

ROOT = Path(__file__).parents[3]


def test_the_reference_in_docs_is_current() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_reference()


def test_values_come_from_the_environment_and_the_key_stays_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_RETRIEVAL__TOP_K", "5")
    monkeypatch.setenv("PINCITE_GENERATION__API_KEY", "do-not-show")
    as_json = CliRunner().invoke(app, ["settings", "--json"])
    assert json.loads(as_json.output)["retrieval"]["top_k"] == 5
    table = CliRunner().invoke(app, ["settings"])
    assert "retrieval.top_k" in table.output
    assert "do-not-show" not in as_json.output + table.output


def test_an_unknown_setting_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_RETRIEVAL__TOPK", "5")
    result = CliRunner().invoke(app, ["settings"])
    assert result.exit_code == 1
    assert "retrieval.topk: is not a setting" in result.stderr


def test_a_password_in_a_url_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_SERVER__DATABASE_URL", "postgresql+psycopg://ann:secret@db/pincite")
    for arguments in (["settings"], ["settings", "--json"]):
        shown = CliRunner().invoke(app, arguments).stdout
        assert "secret" not in shown
    assert "ann:***@db" in shown
