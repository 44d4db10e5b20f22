"""The order in which a request meets the middleware that protects the server."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from rag.settings import ServerSettings
from server.security.addresses import is_loopback
from server.security.headers import SecurityHeaders
from server.security.hosts import LoopbackHosts
from server.security.same_origin import SameOrigin

_METHODS = ("GET", "POST", "PATCH", "DELETE")
_REQUEST_HEADERS = ("Authorization", "X-API-Key", "X-Request-Id", "Last-Event-ID")
_REPLY_HEADERS = ("X-Request-Id", "X-Conversation-Id", "X-Turn-Id", "Retry-After", "Content-Disposition")


def install(app: FastAPI, settings: ServerSettings) -> None:
    """Protect ``app``. What is added to it after this sees requests earlier and replies later."""
    app.add_middleware(SameOrigin, trusted_origins=settings.cors_origins)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=_METHODS,
            allow_headers=_REQUEST_HEADERS,
            expose_headers=_REPLY_HEADERS,
        )
    if is_loopback(settings.host):
        app.add_middleware(LoopbackHosts, host=settings.host)
    app.add_middleware(SecurityHeaders)
