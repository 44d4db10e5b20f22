"""Running the application: the socket, the signals, and what the terminal shows."""

from __future__ import annotations

import asyncio
import errno
import math
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from typing import NoReturn

import uvicorn

import rag
from rag import Assistant
from rag.errors import ConfigurationError, PinciteError
from rag.settings import ServerSettings, Settings
from server.app import create_app
from server.engine import Engine
from server.observability.logs import configure_logs
from server.security.addresses import is_loopback
from server.store.base import KeyStore
from server.store.database import database_url, open_database

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
# A search runs hundreds of short native calls, and after each may wait this long for a thread that cites an answer.
_SWITCH_S = 0.0005


class AddressError(PinciteError):
    """The server cannot listen where it was told to."""


def serve(
    settings: Settings,
    tell: Callable[[str], object],
    open_assistant: Callable[..., Assistant] = rag.open_assistant,
) -> None:
    """Serve until a signal; running answers then end within the grace time.

    Args:
        settings: the settings of the installation.
        tell: shows a line to whoever started the server.
        open_assistant: makes the assistant; see ``Engine``.

    Raises:
        ConfigurationError: other machines could reach the server, and there is no key.
        DatabaseError: the database cannot be used.
        AddressError: the port is taken, or the address is none of this machine's.
    """
    configure_logs(settings.server.log_format)
    sys.setswitchinterval(_SWITCH_S)
    with closing(open_database(database_url(settings))) as database:
        database.migrate()
        require_key(settings.server, database.keys)
        with bind(settings.server.host, settings.server.port) as listener:
            app = create_app(settings, open_assistant, database)
            config = uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # by default it believes whoever is on this machine about the address
                ws="none",
                lifespan="on",
                timeout_graceful_shutdown=math.ceil(settings.server.grace_s),
            )
            # uvicorn raises the signal that stopped it once more when it is done: that must not look like a failure.
            for number in _SIGNALS:
                signal.signal(number, _leave)
            _Server(config, app.state.engine, url_of(listener), tell).run([listener])


def require_key(settings: ServerSettings, keys: KeyStore) -> None:
    """Make sure that a server which other machines can reach has a key.

    Raises:
        ConfigurationError: it has none.
    """
    if not is_loopback(settings.host) and not keys.any_active():
        raise ConfigurationError(
            f"Other machines could reach a server on {settings.host}, and no key keeps them out.",
            "Make one: pincite keys create NAME --scope chat,search",
        )


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address, for the server to listen on.

    Raises:
        AddressError: the port is taken or reserved, or the address is none of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise AddressError(f"{host} is no address of this machine.", "Choose another with --host.") from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise _explain(error, host, port) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the address of the page that is served on ``listener``."""
    host, port, *_ = listener.getsockname()
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{name}:{port}"


class _Server(uvicorn.Server):
    """Tells when it listens and when the models are loaded; sends those who wait home as soon as it is to stop."""

    def __init__(self, config: uvicorn.Config, engine: Engine, url: str, tell: Callable[[str], object]) -> None:
        super().__init__(config)
        self._engine = engine
        self._url = url
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell(f"Pincite listens on {self._url} and loads the models. Ctrl-C stops it.")
        self._telling = asyncio.create_task(self._tell_when_loaded())

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._engine.drain()
        self._telling.cancel()
        await super().shutdown(sockets)

    async def _tell_when_loaded(self) -> None:
        await self._engine.settle()
        state = self._engine.state
        self._tell(f"Ready: {self._url}" if state.status == "ready" else f"Not ready. {state.detail}")


def _leave(*_: object) -> NoReturn:
    sys.exit(0)


def _explain(error: OSError, host: str, port: int) -> AddressError:
    if error.errno == errno.EADDRINUSE:
        return AddressError(f"Port {port} of {host} is taken.", "Stop what uses it, or choose another with --port.")
    if error.errno == errno.EACCES:
        return AddressError(f"Port {port} is reserved.", "Choose one above 1023 with --port.")
    return AddressError(f"{host} is no address of this machine.", "Choose another with --host.")
