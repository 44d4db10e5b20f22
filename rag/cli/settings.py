"""``pincite settings``: every knob, its value and what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel


def settings_command(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print the values as JSON.")] = False,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Print docs/settings.md: defaults, no values.")
    ] = False,
) -> None:
    """Show every setting, its value and its meaning."""
    import json  # noqa: PLC0415 - keeps help instant

    from rag.cli.output import console  # noqa: PLC0415
    from rag.cli.state import settings_of  # noqa: PLC0415

    if as_markdown:
        typer.echo(settings_reference(), nl=False)
        return
    settings = settings_of(context)
    if as_json:
        values = settings.model_dump(mode="json")
        values["generation"]["api_key"] = "set" if settings.generation.api_key else ""
        values["server"]["database_url"] = _without_password(settings.server.database_url)
        typer.echo(json.dumps(values, indent=2, ensure_ascii=False))
        return
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for heading in ("setting", "value", "meaning"):
        table.add_column(heading)
    for name, value, meaning in _rows(settings, ""):
        table.add_row(Text(name), Text(value), Text(meaning))
    console.print(table)


def settings_reference() -> str:
    """Return docs/settings.md: every setting with its environment variable, default and meaning."""
    from rag.settings import Settings  # noqa: PLC0415

    lines = [
        "# Settings",
        "",
        "Every setting can stand in `pincite.toml` in the working folder (or the file that `PINCITE_CONFIG` or",
        "`pincite --config` names) and in an environment variable, which wins. A key that is not here is an error.",
        "This page is the output of `pincite settings --markdown`.",
        "",
        "| setting | environment variable | default | meaning |",
        "|---|---|---|---|",
    ]
    for name, value, meaning in _rows(Settings.model_construct(), ""):
        default = "the user's cache folder" if name == "models_dir" else f"`{value}`" if value else "unset"
        lines.append(f"| `{name}` | `PINCITE_{name.replace('.', '__').upper()}` | {default} | {meaning} |")
    return "\n".join(lines) + "\n"


def _rows(section: BaseModel, prefix: str) -> Iterator[tuple[str, str, str]]:
    from pydantic import BaseModel as Model  # noqa: PLC0415

    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, Model):
            yield from _rows(value, f"{prefix}{name}.")
        else:
            shown = "" if value is None else "***" if name == "api_key" and value else _without_password(str(value))
            yield prefix + name, shown, field.description or ""


def _without_password(value: str) -> str:
    """Return a URL with its password hidden; any other text as it is."""
    return re.sub(r"(://[^:/@\s]+:)[^@\s]+@", r"\1***@", value)
