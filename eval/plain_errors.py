"""Commands whose expected errors are a plain line and what to do, without a traceback."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import typer
from rich.console import Console

from rag.errors import PinciteError

_P = ParamSpec("_P")
_console = Console(stderr=True)


def with_plain_errors(command: Callable[_P, None]) -> Callable[_P, None]:
    """Return the command with its ``PinciteError`` printed on standard error, and exit code 1."""

    @wraps(command)
    def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except PinciteError as error:
            _console.print(f"Error: {error.message}", style="red", markup=False)
            if error.remedy:
                _console.print(error.remedy, markup=False)
            raise typer.Exit(1) from error

    return wrapped
