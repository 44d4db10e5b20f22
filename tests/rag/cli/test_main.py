from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag.cli.main import app
from rag.models import catalog

RUN = CliRunner()
HELP = [sys.executable, "-c", "from rag.cli.main import main; main()", "--help"]


def test_help_is_instant() -> None:
    """CPU time, not wall time, so that a busy machine does not fail it; the best of three."""
    times = []
    for _ in range(3):
        before = os.times()
        subprocess.run(HELP, check=True, capture_output=True)
        after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert min(times) < 0.4


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; from rag.cli import main; "
        "print([n for n in ('torch', 'numpy', 'pydantic', 'faiss', 'transformers', 'filelock') if n in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout == "[]\n"


@pytest.mark.parametrize(("arguments", "code"), [(["settings", "--json"], 0), (["models", "path", "nope"], 1)])
def test_a_command_leaves_at_once_with_all_that_it_wrote(tmp_path: Path, arguments: list[str], code: int) -> None:
    script = "import atexit; atexit.register(print, 'late'); from rag.cli.main import main; main()"
    command = [sys.executable, "-c", script, *arguments]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert ended.returncode == code
    assert "late" not in ended.stdout
    assert (ended.stdout.endswith("}\n"), "nope" in ended.stderr) == (code == 0, code == 1)


def test_help_names_the_commands() -> None:
    result = RUN.invoke(app, ["--help"])
    assert result.exit_code == 0
    for command in ("ask", "chat", "index", "search", "models", "doctor"):
        assert f"\n  {command} " in result.output


def test_version() -> None:
    result = RUN.invoke(app, ["--version"])
    assert result.exit_code == 0
    assert result.output.startswith("pincite 0.")


def test_an_error_is_a_line_and_its_remedy_on_standard_error() -> None:
    result = RUN.invoke(app, ["models", "path", "[red]nope[/red]"])
    assert result.exit_code == 1
    assert result.stdout == ""
    first, second = result.stderr.splitlines()
    assert first == "error: There is no model '[red]nope[/red]' in the catalog."
    assert second.startswith("The catalog has: ")


def test_a_missing_settings_file_is_an_error(tmp_path: Path) -> None:
    result = RUN.invoke(app, ["--config", str(tmp_path / "no.toml"), "models", "list"])
    assert result.exit_code == 1
    assert "does not exist" in result.stderr


def test_the_settings_file_is_used(tmp_path: Path) -> None:
    config = tmp_path / "my.toml"
    config.write_text(f"models_dir = {str(tmp_path / 'elsewhere')!r}\n")
    result = RUN.invoke(app, ["--config", str(config), "models", "list"])
    assert result.exit_code == 0
    assert str(tmp_path / "elsewhere") in result.output


def fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(catalog, "catalog", fail)


def test_an_unforeseen_error_says_how_to_see_more(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(ZeroDivisionError("oh\nno"), monkeypatch)
    result = RUN.invoke(app, ["models", "list"])
    assert result.exit_code == 1
    assert "did not foresee: ZeroDivisionError: oh no" in result.stderr
    assert "--debug" in result.stderr
    assert "Traceback" not in result.output


def test_debug_lets_the_traceback_through(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(ZeroDivisionError(), monkeypatch)
    result = RUN.invoke(app, ["--debug", "models", "list"])
    assert isinstance(result.exception, ZeroDivisionError)


def test_an_interrupt_is_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(KeyboardInterrupt(), monkeypatch)
    result = RUN.invoke(app, ["models", "list"])
    assert result.exit_code == 130
    assert result.output.strip() == ""


@pytest.mark.parametrize("arguments", [["nonsense"], ["models", "list", "--nonsense"]])
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    result = RUN.invoke(app, arguments)
    assert result.exit_code == 2
    assert "nonsense" in result.stderr


def test_output_is_utf8_in_any_locale() -> None:
    script = "from rag.cli.output import console, use_utf8; use_utf8(); console.print('苹果 ✓')"
    environment = os.environ | {"PYTHONIOENCODING": "latin-1", "LC_ALL": "C"}
    result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, env=environment)
    assert result.stdout.decode("utf-8") == "苹果 ✓\n"
