"""``pincite chat``: a conversation in the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated

import typer


def chat_command(
    context: typer.Context,
    where: Annotated[
        list[str] | None, typer.Option(help="Search only documents with this metadata: KEY=VALUE. Repeatable.")
    ] = None,
) -> None:
    """Talk with the corpus in the terminal."""
    from rag import open_assistant  # noqa: PLC0415 - heavy
    from rag.cli.conversation import Conversation  # noqa: PLC0415 - heavy
    from rag.cli.filters import parse_filters  # noqa: PLC0415 - heavy
    from rag.cli.output import console  # noqa: PLC0415 - heavy
    from rag.cli.state import settings_of  # noqa: PLC0415 - heavy

    settings = settings_of(context)
    filters = parse_filters(where or [])
    with console.status("Loading the model and the index …"):
        assistant = open_assistant(settings)
    with assistant:
        manifest = assistant.snapshot.manifest
        console.print(
            f"[bold]Pincite[/bold] · {assistant.generator.info.name} · {len(manifest.documents)} documents · /help"
        )
        Conversation(assistant, filters, console).run(_line_reader())


def _line_reader() -> Callable[[], str]:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return input
    import platformdirs  # noqa: PLC0415 - only a person at a terminal needs a history
    from prompt_toolkit import PromptSession  # noqa: PLC0415 - likewise
    from prompt_toolkit.history import FileHistory  # noqa: PLC0415 - likewise

    folder = platformdirs.user_state_path("pincite", ensure_exists=True)
    session: PromptSession[str] = PromptSession(history=FileHistory(folder / "chat_history"))
    return lambda: session.prompt("› ")
