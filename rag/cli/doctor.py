"""``pincite doctor``: what works here, what does not, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.state import settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.cli.checks.finding import Finding
    from rag.settings import Settings

_MARKS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "error": "[bold red]✗[/]"}


def doctor_command(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """Check the installation and try the models.

    Looks at Python, packages, machine, models and index; the exit code is 1 if something is broken.
    """
    from rag.cli.output import print_json  # noqa: PLC0415

    findings = []
    for finding in _findings(settings_of(context)):
        findings.append(finding)
        if not as_json:
            _print(finding)
    if as_json:
        print_json(findings)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(1)


def _findings(settings: Settings) -> Iterator[Finding]:
    from rag.cli.checks import index, machine, models  # noqa: PLC0415 - heavy

    yield machine.python_version()
    yield machine.packages()
    yield machine.processor()
    yield machine.memory(settings)
    yield machine.disk(settings)
    for there, at_work in ((models.embedder, models.embedder_test), (models.generator, models.generator_test)):
        finding = there(settings)
        yield finding
        if finding.level == "ok":
            yield at_work(settings)
    yield index.index(settings)


def _print(finding: Finding) -> None:
    from rich.markup import escape  # noqa: PLC0415

    from rag.cli.output import console  # noqa: PLC0415

    console.print(f"{_MARKS[finding.level]} [bold]{finding.check:<15}[/] {escape(finding.detail)}", soft_wrap=True)
    if finding.remedy:
        console.print(f"  {'':<15} → {escape(finding.remedy)}", soft_wrap=True)
