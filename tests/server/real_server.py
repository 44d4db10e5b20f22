"""The server as it ships: the default models over the shipped corpus, on a real socket."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from rag import load_settings
from server.app import create_app

_LOADING_S = 120


@contextmanager
def real_server(folder: Path) -> Iterator[str]:
    """Serve with a database in ``folder``; yields the URL once the models are loaded."""
    settings = load_settings()
    database = f"sqlite:///{folder / 'pincite.db'}"
    update = {
        "server": settings.server.model_copy(update={"database_url": database}),
        # What is asked in several ways is made each time.
        "answering": settings.answering.model_copy(update={"repeated_answers": 0}),
    }
    settings = settings.model_copy(update=update)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            _wait_until_ready(url)
            yield url
        finally:
            server.should_exit = True
            thread.join()


def _wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + _LOADING_S
    while True:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        assert time.monotonic() < deadline, "the models did not load"
        time.sleep(0.2)
