"""Where commands print: text for people on the consoles, JSON on standard output."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from rich.console import Console
from rich.text import Text

from rag.errors import PinciteError

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False)


def print_json(value: object) -> None:
    """Print ``value`` as indented JSON; dataclasses become objects, paths text, other iterables lists."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_plain) + "\n")


def print_error(error: PinciteError) -> None:
    """Print an error and its remedy on standard error, as it stands: nothing in it is taken for markup."""
    error_console.print(Text.assemble(("error: ", "bold red"), error.message), soft_wrap=True)
    if error.remedy:
        error_console.print(Text(error.remedy), soft_wrap=True)


def use_utf8() -> None:
    """Write UTF-8 whatever the locale says; what cannot be encoded is replaced, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Iterable):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
