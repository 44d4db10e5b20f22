"""``pincite serve``: the server."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.state import settings_of


def serve_command(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; beyond this machine, a key is needed.")
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = None,
) -> None:
    """Serve the web page and the HTTP API until stopped."""
    from threading import Thread  # noqa: PLC0415

    from rag.language import load_identifier  # noqa: PLC0415

    Thread(target=load_identifier, daemon=True).start()  # beside the next line, which takes longer
    from server.serving import serve  # noqa: PLC0415 - heavy

    settings = settings_of(context)
    asked = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    serve(settings.model_copy(update={"server": settings.server.model_copy(update=asked)}), typer.echo)
