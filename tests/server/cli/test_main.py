from __future__ import annotations

import subprocess
import sys

from typer.testing import CliRunner

from server.cli.main import app

RUN = CliRunner()


def test_help_names_the_commands_of_the_library_and_of_the_server() -> None:
    result = RUN.invoke(app, ["--help"])
    assert result.exit_code == 0
    for command in ("ask", "chat", "index", "serve", "keys", "feedback"):
        assert f"\n  {command} " in result.output


def test_help_imports_nothing_heavy() -> None:
    heavy = (
        "torch",
        "numpy",
        "pydantic",
        "fastapi",
        "starlette",
        "sqlalchemy",
        "alembic",
        "uvicorn",
        "structlog",
        "rich",
    )
    script = f"import sys; from server.cli import main; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert result.stdout == "[]\n"
