"""The command ``pincite``: global options, the commands, and how errors reach the user.

Command modules import only typer at their top; what a command needs is imported when it runs, so that help is instant.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from typer.core import TyperGroup

from rag.cli.ask import ask_command
from rag.cli.chat import chat_command
from rag.cli.doctor import doctor_command
from rag.cli.index import index_command
from rag.cli.models import models_app
from rag.cli.search import search_command
from rag.cli.settings import settings_command
from rag.cli.state import GlobalOptions, options_of
from rag.cli.warm import warm_command
from rag.errors import PinciteError


class _Commands(TyperGroup):
    """The group of all commands; turns their errors into a line that says what to do, and exit code 1."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except Exception as error:
            if options_of(ctx).debug:
                raise
            from rag.cli.output import print_error  # noqa: PLC0415 - rich's console is not needed for help

            print_error(error if isinstance(error, PinciteError) else _unexpected(error))
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=_Commands,
    help="Answers from your own documents, every sentence pinned to the sentence it rests on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help comes up in half the time
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - slow to import

        typer.echo(f"pincite {version('pincite')}")
        raise typer.Exit


@app.callback()
def _global_options(
    context: typer.Context,
    config: Annotated[Path | None, typer.Option(help="Settings file to use instead of ./pincite.toml.")] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    context.obj = GlobalOptions(config, debug)


app.command("ask")(ask_command)
app.command("chat")(chat_command)
app.command("index")(index_command)
app.command("search")(search_command)
app.command("settings")(settings_command)
app.add_typer(models_app, name="models")
app.command("warm")(warm_command)
app.command("doctor")(doctor_command)


def main() -> None:
    """Run the command line; the entry point of ``pincite``."""
    from rag.cli.output import use_utf8  # noqa: PLC0415

    use_utf8()
    try:
        app()
    except SystemExit as end:
        _leave(end)


def _leave(end: SystemExit) -> NoReturn:
    """End the process at once: to give back a tokenizer's memory piece by piece takes longer than many a command.

    What was written is on disk by then, and threads that still run, as one that generates, are not waited for anyway.
    """
    code = end.code or 0
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # nobody reads any more, or the disk is full: as Python reports it
        raise end from None
    if isinstance(code, int):
        os._exit(code)
    raise end


def _unexpected(error: Exception) -> PinciteError:
    reason = " ".join(str(error).split())[:300]
    return PinciteError(
        f"Something went wrong that Pincite did not foresee: {type(error).__name__}: {reason}",
        "Run `pincite --debug …` to see where, and please report it.",
    )
