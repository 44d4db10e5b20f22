"""``pincite ask``: one question, one answer."""

from __future__ import annotations

from typing import Annotated

import typer


def ask_command(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question, in English or Chinese.")],
    where: Annotated[
        list[str] | None, typer.Option(help="Search only documents with this metadata: KEY=VALUE. Repeatable.")
    ] = None,
    after: Annotated[
        list[str] | None,
        typer.Option(help="An earlier question of the same conversation; it is answered first. Repeatable, in order."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the Answer as JSON.")] = False,
) -> None:
    """Answer a question from the corpus, every sentence pinned to its source."""
    from rag import Message, open_assistant  # noqa: PLC0415 - heavy
    from rag.cli.filters import parse_filters  # noqa: PLC0415 - heavy
    from rag.cli.output import console, print_json  # noqa: PLC0415 - heavy
    from rag.cli.rendering import answer_view  # noqa: PLC0415 - heavy
    from rag.cli.state import settings_of  # noqa: PLC0415 - heavy

    filters = parse_filters(where or [])
    history: list[Message] = []
    with open_assistant(settings_of(context)) as assistant:
        for earlier in after or []:
            reply = assistant.ask(earlier, history, filters)
            history += [Message("user", earlier), Message("assistant", reply.text)]
        answer = assistant.ask(question, history, filters)
    if as_json:
        print_json(answer)
    else:
        console.print(answer_view(answer))
