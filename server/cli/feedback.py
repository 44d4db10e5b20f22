"""``pincite feedback``: what people said about answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.state import settings_of

feedback_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Feedback on answers: export.")


@feedback_app.command("export")
def export_command(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(help="A new file to write to; else they are printed.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON array, in place of a line each.")] = False,
) -> None:
    """Turn complaints about sources into evaluation cases, a JSON object on each line, in the form of eval/qa."""
    import json  # noqa: PLC0415 - keeps help instant

    from rag.cli.output import console, print_json  # noqa: PLC0415
    from server.feedback_cases import cases_from  # noqa: PLC0415
    from server.store.database import opened_database  # noqa: PLC0415 - heavy

    with opened_database(settings_of(context)) as database:
        cases = list(cases_from(database.feedback.all()))
    lines = "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in cases)
    if out is not None:
        _write_new(out, lines)
        console.print(f"{len(cases):,} cases written to {out}.", markup=False)
    elif as_json:
        print_json(cases)
    else:
        typer.echo(lines, nl=False)


def _write_new(path: Path, text: str) -> None:
    from rag.errors import PinciteError  # noqa: PLC0415

    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise PinciteError(f"{path} cannot be written: {error.strerror}.", "Name a new file.") from error
