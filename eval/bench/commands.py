"""``python -m eval bench``: one command a measurement."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from eval.plain_errors import with_plain_errors
from eval.records import write_atomically
from rag.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Measure how fast it is, on this machine.")

Runs = Annotated[int, typer.Option(min=1, help="Measurements of each kind, in turn.")]
JsonOut = Annotated[Path | None, typer.Option("--json", help="Write the figures here.")]


@app.command()
@with_plain_errors
def concurrency(
    chats: Annotated[int, typer.Option(min=2, max=64, help="Chats at once.")] = 8,
    runs: Runs = 5,
    json_out: JsonOut = None,
) -> None:
    """Chats at once against the same chats one after another, over the corpus of the settings."""
    from eval.bench.concurrency import as_markdown, measure  # noqa: PLC0415 - keeps --help instant
    from eval.bench.machine import machine_name  # noqa: PLC0415
    from eval.bench.questions import varied_questions  # noqa: PLC0415
    from eval.evaluation import opened, progress_bar  # noqa: PLC0415
    from eval.suites import load_own_pairs  # noqa: PLC0415

    settings = load_settings()
    generation = settings.generation.model_copy(update={"parallel_slots": chats})
    own = load_own_pairs()
    wide = settings.model_copy(update={"generation": generation})
    with opened(own, wide) as assistant, progress_bar() as progress:
        task = progress.add_task("rounds", total=2 * runs + 1)
        result = measure(assistant, varied_questions(own, chats), runs, lambda: progress.advance(task))
    machine = machine_name()
    typer.echo(f"{machine}\n\n{as_markdown(result)}")
    if json_out:
        write_atomically(json_out, json.dumps({"machine": machine, "concurrency": asdict(result)}, indent=2) + "\n")
