"""``pincite warm``: have the model read the passages before anybody asks."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.state import settings_of


def warm_command(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Have the model read the rules of its prompts and every passage once, so that questions are answered sooner.

    What it computed is kept on disk up to generation.states_gib; a passage that it has read is passed over.
    """
    from collections import deque  # noqa: PLC0415
    from contextlib import closing  # noqa: PLC0415

    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415

    from rag import open_generator, open_snapshot  # noqa: PLC0415 - heavy
    from rag.answering.reading_ahead import read_ahead, read_rules_ahead  # noqa: PLC0415
    from rag.cli.output import console, error_console, print_json  # noqa: PLC0415
    from rag.errors import ConfigurationError  # noqa: PLC0415
    from rag.generation.base import ReadsAhead  # noqa: PLC0415

    settings = settings_of(context)
    with closing(open_snapshot(settings.index_dir)) as snapshot, closing(open_generator(settings)) as generator:
        if not isinstance(generator, ReadsAhead) or not settings.generation.states_gib:
            raise ConfigurationError(
                f"What {generator.info.name} computed is not kept: that takes a GGUF model and generation.states_gib.",
                "Set generation.states_gib above 0 and generator to a GGUF model; `pincite settings` shows both.",
            )
        columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=error_console, transient=True) as progress:
            for stream in read_rules_ahead(generator):
                deque(stream, 0)
            passages, read = snapshot.manifest.passages, 0
            for stream in progress.track(read_ahead(snapshot, generator), passages, description="Reading passages"):
                deque(stream, 0)
                read += 1
    if as_json:
        print_json({"passages": passages, "read": read})
    else:
        room = "" if read == passages else "; there is no room for more (generation.states_gib)"
        console.print(f"{read:,} of {passages:,} passages are read{room}.")
