"""``pincite keys``: the keys with which others may use the server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.state import settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from server.store.base import KeyRecord

_LONGEST_NAME = 100

keys_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="API keys: create, list, revoke.")


@keys_app.command("create")
def create_command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    scope: Annotated[
        str, typer.Option(help="What it may do: chat, search, admin; several with commas between.")
    ] = "chat,search",
) -> None:
    """Make a key and print it, once: it is kept as a hash only."""
    from rag.cli.output import error_console  # noqa: PLC0415
    from rag.errors import PinciteError  # noqa: PLC0415
    from server.store.base import NameTaken  # noqa: PLC0415
    from server.store.database import opened_database  # noqa: PLC0415 - heavy

    scopes = _scopes(scope)
    if not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise PinciteError(f"A name has 1 to {_LONGEST_NAME} printable characters.", "Give the key such a name.")
    with opened_database(settings_of(context)) as database:
        try:
            key = database.keys.create(name, scopes)
        except NameTaken as error:
            raise PinciteError(
                f"There is an active key named {name}.", f"Take another name, or run: pincite keys revoke {name}"
            ) from error
    typer.echo(key)
    error_console.print("Keep it safe: it is not shown again.")


@keys_app.command("list")
def list_command(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Show all keys: names, what they may do, when they were used."""
    from rag.cli.output import console, print_json  # noqa: PLC0415
    from server.store.database import opened_database  # noqa: PLC0415 - heavy

    with opened_database(settings_of(context)) as database:
        keys = database.keys.list()
    if as_json:
        print_json([_row(key) for key in keys])
    elif keys:
        console.print(_table(keys))
    else:
        console.print("There are no keys. Make one: pincite keys create NAME")


@keys_app.command("revoke")
def revoke_command(
    context: typer.Context, key: Annotated[str, typer.Argument(metavar="NAME_OR_ID", help="The key's name or id.")]
) -> None:
    """Make a key worthless, at once and for good."""
    from rag.cli.output import console  # noqa: PLC0415
    from rag.errors import PinciteError  # noqa: PLC0415
    from server.store.database import opened_database  # noqa: PLC0415 - heavy

    with opened_database(settings_of(context)) as database:
        if not database.keys.revoke(key):
            raise PinciteError(f"There is no active key {key}.", "List them: pincite keys list")
    console.print(f"Revoked {key}.", markup=False)


def _scopes(text: str) -> frozenset[str]:
    from rag.errors import PinciteError  # noqa: PLC0415
    from server.security.keys import SCOPES  # noqa: PLC0415

    scopes = frozenset(name.strip() for name in text.split(",") if name.strip())
    unknown = sorted(scopes - SCOPES)
    if unknown or not scopes:
        raise PinciteError(
            f"{', '.join(unknown)} is no scope." if unknown else "A key without a scope may do nothing.",
            f"Choose from: {', '.join(sorted(SCOPES))}",
        )
    return scopes


def _row(key: KeyRecord) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created": key.created.isoformat(),
        "last_used": key.last_used.isoformat() if key.last_used else None,
        "revoked": key.revoked.isoformat() if key.revoked else None,
    }


def _table(keys: Sequence[KeyRecord]) -> Table:
    from rich import box  # noqa: PLC0415
    from rich.table import Table as RichTable  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = RichTable("name", "scopes", "created", "last used", "state", "id", box=box.SIMPLE_HEAD)
    for key in keys:
        used = f"{key.last_used:%Y-%m-%d %H:%M}" if key.last_used else "never"
        state = f"revoked {key.revoked:%Y-%m-%d}" if key.revoked else "active"
        cells = (key.name, ", ".join(sorted(key.scopes)), f"{key.created:%Y-%m-%d}", used, state, key.id)
        table.add_row(*map(Text, cells))
    return table
