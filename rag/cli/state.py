"""What the global options hold for the command that runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """The options before the command's name."""

    config: Path | None = None
    debug: bool = False


def options_of(context: typer.Context) -> GlobalOptions:
    """Return the global options of the running command."""
    return context.find_object(GlobalOptions) or GlobalOptions()


def settings_of(context: typer.Context) -> Settings:
    """Load the settings, from the file that ``--config`` names if it was given.

    Raises:
        ConfigurationError: see ``load_settings``.
    """
    from rag.settings import load_settings  # noqa: PLC0415 - pydantic is slow to import

    return load_settings(options_of(context).config)
