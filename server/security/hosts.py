"""Keeps a page that points its own name at this machine (DNS rebinding) from reaching a server on loopback."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from server.problems import Problem, problem_reply
from server.security.addresses import host_of

_LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class LoopbackHosts:
    """Middleware that refuses requests for any host but this machine, on any port.

    Args:
        app: the application.
        host: the host that the server listens on, which is taken too.
    """

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._hosts = _LOOPBACK_HOSTS | {host.lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an ASGI connection."""
        if scope["type"] == "http":
            asked = {host_of(value.decode("latin-1")) for name, value in scope["headers"] if name == b"host"}
            if not asked or not asked <= self._hosts:
                await problem_reply(Request(scope), Problem(421, "misdirected"))(scope, receive, send)
                return
        await self._app(scope, receive, send)
