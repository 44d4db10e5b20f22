"""The last resort: an exception that nobody foresaw is logged, and replied as a problem that says nothing of it."""

from __future__ import annotations

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.problems import Problem, problem_reply

_CLIENT_CLOSED_REQUEST = 499  # what proxies log for it; nobody receives it

log = structlog.get_logger("pincite.server")


class Unforeseen:
    """Middleware around everything that answers requests."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an ASGI connection."""
        began = False

        async def send_noted(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except ClientDisconnect:
            if not began:
                await Response(status_code=_CLIENT_CLOSED_REQUEST)(scope, receive, send)
        except Exception:
            if scope["type"] != "http":
                raise
            log.exception("unforeseen error")
            if began:
                raise  # the reply cannot be mended: the connection breaks
            await problem_reply(Request(scope), Problem(500, "internal"))(scope, receive, send)
