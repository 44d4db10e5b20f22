"""``pincite models``: the models that Pincite can fetch, and those that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.cli.state import settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from rag.models.catalog import CatalogModel
    from rag.settings import Settings

models_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The models: list, fetch, verify.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Names = Annotated[list[str] | None, typer.Argument(help="Names from the catalog.", metavar="[NAME]...")]


@models_app.command("list")
def list_command(context: typer.Context, as_json: AsJson = False) -> None:
    """Show the models of the catalog and which are fetched."""
    from rich.markup import escape  # noqa: PLC0415

    from rag.cli.output import console, print_json  # noqa: PLC0415
    from rag.models.catalog import catalog  # noqa: PLC0415

    settings = settings_of(context)
    rows = [_row(model, settings) for model in catalog().values()]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        in_use = " [cyan](in use)[/]" if row["in_use"] else ""
        colour = "green" if row["state"] == "ready" else "yellow"
        console.print(f"[bold]{row['name']}[/]{in_use}: [{colour}]{row['state']}[/]", soft_wrap=True)
        console.print(
            f"  {row['role']}, {row['bytes'] / 1e6:,.0f} MB, {row['licence']}. {row['summary']}", soft_wrap=True
        )
        console.print(f"  [dim]from {row['package']}, or hf:{row['hub']}[/]", soft_wrap=True)
    console.print(f"They live in {escape(str(settings.models_dir))}", soft_wrap=True)


@models_app.command("fetch")
def fetch_command(context: typer.Context, names: Names = None, as_json: AsJson = False) -> None:
    """Fetch models.

    Without names: those that the settings name. Nothing is done for models that are there.
    """
    from rag.models.fetching import missing_models  # noqa: PLC0415

    settings = settings_of(context)
    models = _chosen(names, settings)
    missing = missing_models(models, settings.models_dir)
    if missing:
        _fetch(missing, settings.models_dir)
    _report([(model, "fetched" if model in missing else "ready") for model in models], settings.models_dir, as_json)


@models_app.command("verify")
def verify_command(context: typer.Context, names: Names = None, as_json: AsJson = False) -> None:
    """Compare the hashes of fetched models.

    Without names: of those that the settings name. Every byte is read.
    """
    from rag.models.installation import damaged_files  # noqa: PLC0415

    settings = settings_of(context)
    models = _chosen(names, settings)
    states = []
    for model in models:
        damaged = damaged_files(model, settings.models_dir)
        there = model.folder(settings.models_dir).is_dir()
        states.append(
            (model, ("damaged: " + ", ".join(damaged) if there else "not fetched") if damaged else "verified")
        )
    _report(states, settings.models_dir, as_json)
    bad = [model.name for model, state in states if state != "verified"]
    if bad:
        from rag.errors import ModelError  # noqa: PLC0415

        raise ModelError(f"Not as they should be: {', '.join(bad)}.", f"Run: pincite models fetch {' '.join(bad)}")


@models_app.command("path")
def path_command(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A name from the catalog.")],
    as_json: AsJson = False,
) -> None:
    """Print where a fetched model lies.

    For a generator it is the GGUF file, for an embedder the folder.
    """
    from rag.cli.output import print_json  # noqa: PLC0415
    from rag.models.catalog import catalog_model  # noqa: PLC0415
    from rag.models.references import resolve_embedder, resolve_generator  # noqa: PLC0415

    resolve = resolve_generator if catalog_model(name).role == "generator" else resolve_embedder
    reference = resolve(name, settings_of(context).models_dir)
    if as_json:
        print_json({"name": name, "path": reference.location, "sha256": reference.sha256})
    else:
        typer.echo(reference.location)


def _row(model: CatalogModel, settings: Settings) -> dict[str, Any]:
    from rag.models.installation import is_installed  # noqa: PLC0415

    return {
        "name": model.name,
        "role": model.role,
        "summary": model.summary,
        "bytes": model.installed_bytes,
        "licence": model.licence,
        "licence_url": model.licence_url,
        "upstream": model.upstream,
        "state": "ready" if is_installed(model, settings.models_dir) else "not fetched",
        "in_use": model.name in (settings.generator, settings.embedder),
        "package": f"{model.wheel.label}=={model.wheel.version}",
        "hub": model.hub,
        "sha256": model.sha256,
    }


def _chosen(names: list[str] | None, settings: Settings) -> list[CatalogModel]:
    from rag.models.catalog import catalog, catalog_model  # noqa: PLC0415

    if names:
        return [catalog_model(name) for name in dict.fromkeys(names)]
    return [catalog()[name] for name in (settings.generator, settings.embedder) if name in catalog()]


def _fetch(models: list[CatalogModel], models_dir: Path) -> None:
    from rag.cli.fetch_bar import fetch_bar  # noqa: PLC0415
    from rag.models.fetching import fetch_models, work_bytes  # noqa: PLC0415

    with fetch_bar(work_bytes(models)) as bar:
        fetch_models(models, models_dir, bar)


def _report(states: list[tuple[CatalogModel, str]], models_dir: Path, as_json: bool) -> None:
    from rag.cli.output import print_json  # noqa: PLC0415

    if as_json:
        locations = [
            {"name": model.name, "state": state, "path": model.location(models_dir)} for model, state in states
        ]
        print_json(locations)
        return
    for model, state in states:
        typer.echo(f"{model.name}: {state}")
