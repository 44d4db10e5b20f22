"""Keeps the pages of other sites from using the server through a visitor's browser."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from server.problems import Problem, problem_reply
from server.security.access import presented_key
from server.security.sessions import COOKIE

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITES = frozenset({"same-origin", "none"})


class SameOrigin:
    """Middleware that refuses requests which change something and which the page of another site may have sent.

    A browser says where a request comes from: in ``Sec-Fetch-Site``, or else in ``Origin``; no page can set either.
    What carries the cookie must say so. What carries a key in a header may come from anywhere: no browser adds one by
    itself.

    Args:
        app: the application.
        trusted_origins: origins whose pages may call the API without the cookie; ``*`` trusts all.
    """

    def __init__(self, app: ASGIApp, trusted_origins: Collection[str] = ()) -> None:
        self._app = app
        self._trusted = frozenset(trusted_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an ASGI connection."""
        if scope["type"] == "http" and scope["method"] not in _SAFE_METHODS and not self._may_pass(Request(scope)):
            await problem_reply(Request(scope), Problem(403, "csrf"))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _may_pass(self, request: Request) -> bool:
        if presented_key(request.headers) is not None:
            return True
        if COOKIE in request.cookies:
            return _is_own(request.headers) is True
        return _is_own(request.headers) is not False or self._trusts(request.headers.get("origin"))

    def _trusts(self, origin: str | None) -> bool:
        return origin is not None and not self._trusted.isdisjoint({origin, "*"})


def _is_own(headers: Headers) -> bool | None:
    """Say whether a page of this server sent the request, None where the client does not say: it is no browser."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site in _OWN_SITES
    return None if origin is None else _authority(origin) == headers.get("host", "").lower()


def _authority(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
