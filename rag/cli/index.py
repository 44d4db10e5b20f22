"""``pincite index``: bring the index up to date with the corpus folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.state import settings_of

if TYPE_CHECKING:
    from rich.console import RenderableType

    from rag.curating.report import CurationReport


def index_command(
    context: typer.Context,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when a file has to be skipped.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Read the corpus folder and make it searchable; what did not change since the last time is kept."""
    from threading import Thread  # noqa: PLC0415

    from rag.language import load_identifier  # noqa: PLC0415

    Thread(target=load_identifier, daemon=True).start()  # beside what follows, for the first document that is read
    from rag import curate  # noqa: PLC0415 - heavy
    from rag.cli.curation_bar import CurationBar  # noqa: PLC0415
    from rag.cli.output import console, error_console, print_json  # noqa: PLC0415

    settings = settings_of(context)
    with CurationBar(error_console) as bar:
        report = curate(settings, progress=bar, strict=strict)
    if as_json:
        print_json(report)
    else:
        console.print(report_view(report))


def report_view(report: CurationReport) -> RenderableType:
    """Return the summary of a run: what the index holds, what changed, and each skipped file with its reason."""
    from rich.console import Group  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    changes = report.changes
    outcome = "Indexed" if report.new else "The index is up to date:"
    parts: list[RenderableType] = [
        Text(f"{outcome} {report.documents:,} documents, {report.passages:,} passages, {report.seconds:.1f} s"),
        Text(f"  by format: {_counts(report.formats)}"),
        Text(f"  by language: {_counts(report.languages)}"),
    ]
    if report.new:
        parts.append(
            Text(
                f"  {changes.added:,} added, {changes.updated:,} updated, "
                f"{changes.removed:,} removed, {changes.unchanged:,} unchanged"
            )
        )
    if report.skipped:
        table = Table("file", "reason", title=f"{len(report.skipped):,} files skipped", title_justify="left")
        for file in report.skipped:
            table.add_row(Text(file.path), Text(file.reason))
        parts.append(table)
    return Group(*parts)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
