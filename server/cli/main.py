"""The command ``pincite``: the library's commands, and those of the server."""

from __future__ import annotations

from rag.cli.main import app
from rag.cli.main import main as run
from server.cli.feedback import feedback_app
from server.cli.keys import keys_app
from server.cli.serve import serve_command

__all__ = ["app", "main"]

app.command("serve")(serve_command)
app.add_typer(keys_app, name="keys")
app.add_typer(feedback_app, name="feedback")


def main() -> None:
    """Run the command line; the entry point of ``pincite``."""
    run()
