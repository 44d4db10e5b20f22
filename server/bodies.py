"""What a request body may be: JSON, and no larger than the settings allow, whether or not it says its size."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.problems import Problem, problem_reply


class BodyRules:
    """Middleware that turns other bodies away before they are read; where the size is not told, as they are read."""

    def __init__(self, app: ASGIApp, limit_kb: int) -> None:
        self._app = app
        self._limit_kb = limit_kb

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        problem = self._problem_with(Headers(scope=scope))
        if problem is not None:
            await problem_reply(Request(scope), problem)(scope, receive, send)
            return
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > 1024 * self._limit_kb:
                raise self._too_large()
            return message

        await self._app(scope, receive_counted, send)

    def _problem_with(self, headers: Headers) -> Problem | None:
        length = headers.get("content-length", "0")
        size = int(length) if length.isascii() and length.isdigit() else 0
        if size > 1024 * self._limit_kb:
            return self._too_large()
        has_body = size > 0 or "transfer-encoding" in headers
        if has_body and not _is_json(headers.get("content-type", "")):
            return Problem(415, "unsupported-media-type", headers={"Accept": "application/json"})
        return None

    def _too_large(self) -> Problem:
        return Problem(413, "body-too-large", extra={"limit_kb": self._limit_kb})


def _is_json(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
