"""Who is calling, and what they may do.

A caller shows an API key (``Authorization: Bearer`` or ``X-API-Key``) or the cookie of a session. A server that listens
on loopback alone also takes callers on this machine who show neither: as ``local``, they may do everything. It stays so
when keys are made, but then a key that is shown must be valid; while no key is active, one that is shown is passed
over, since many clients cannot do without. What came through a proxy is not from this machine and needs a key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader, HTTPBearer
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection

from rag.settings import Settings
from server.problems import Problem
from server.security.addresses import caller_address, is_loopback, may_be_loopback
from server.security.keys import SCOPES
from server.security.rate_limits import RateLimits
from server.security.session_secret import load_secret, secret_path
from server.security.sessions import COOKIE, Sessions
from server.security.verified_keys import VerifiedKeys
from server.store.base import LOCAL_OWNER, Identity, KeyStore

LOCAL = Identity(LOCAL_OWNER, LOCAL_OWNER, SCOPES)

_PROXY_HEADERS = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"})
# For the OpenAPI document: what these find is not read.
_BEARER = HTTPBearer(auto_error=False, scheme_name="bearer", description="An API key.")
_HEADER = APIKeyHeader(name="X-API-Key", auto_error=False, scheme_name="header", description="An API key.")
_SESSION = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session", description="From `POST /v1/session`.")


class Gate:
    """Lets callers in, and counts how often they come. The application keeps it at ``app.state.gate``.

    Raises:
        ConfigurationError: the secret that signs sessions cannot be used.
    """

    def __init__(self, settings: Settings, keys: KeyStore) -> None:
        self.sessions = Sessions(load_secret(secret_path(settings)), settings.server.session_hours)
        self._limits = RateLimits(settings.server)
        self._keys = VerifiedKeys(keys)
        self._on_loopback = is_loopback(settings.server.host)
        self._trying = asyncio.Lock()

    async def admit(self, connection: HTTPConnection) -> Identity:
        """Return who calls, and count the request.

        Raises:
            Problem: ``unauthorized``, or ``rate-limited``.
        """
        identity = await self.identify(connection)
        if identity is None:
            raise _unauthorized()
        return identity

    async def identify(self, connection: HTTPConnection) -> Identity | None:
        """Return who calls, and count the request; None for a caller who shows nothing and needs a key.

        Raises:
            Problem: ``unauthorized`` for a wrong key, ``rate-limited``.
        """
        identity = await self._find(connection)
        self.count(identity, connection)
        return identity

    def count(self, identity: Identity | None, connection: HTTPConnection) -> None:
        """Count a request of a key, or of an address where there is none.

        Raises:
            Problem: ``rate-limited``.
        """
        if identity is None or identity == LOCAL:
            self._limits.count_request(f"address {_address(connection)}")
        else:
            self._limits.count_request(f"key {identity.key_id}")

    async def verify(self, key: str, connection: HTTPConnection) -> Identity:
        """Return whose key it is.

        Raises:
            Problem: ``unauthorized`` for a wrong key, ``rate-limited`` after too many of them.
        """
        known = await self._keys.recall(key)
        if known is not None:
            return known
        address = _address(connection)
        # One at a time, each counted before the next: a burst gets no more attempts and takes one processor at most.
        async with self._trying:
            self._limits.check_wrong_keys(address)
            identity = await self._keys.verify(key)
            if identity is None:
                self._limits.count_wrong_key(address)
                raise _unauthorized()
        return identity

    def is_local(self, connection: HTTPConnection) -> bool:
        """Say whether a caller needs no key: one on this machine, of a server that listens to it alone."""
        peer = connection.client.host if connection.client else ""
        return self._on_loopback and may_be_loopback(peer) and _PROXY_HEADERS.isdisjoint(connection.headers.keys())

    async def _find(self, connection: HTTPConnection) -> Identity | None:
        key = presented_key(connection.headers)
        is_local = self.is_local(connection)
        if key is not None and (not is_local or await self._keys.any_active()):
            return await self.verify(key, connection)
        signed_in = await self._signed_in(connection) if key is None else None
        return signed_in or (LOCAL if is_local else None)

    async def _signed_in(self, connection: HTTPConnection) -> Identity | None:
        key_id = self.sessions.key_id(connection.cookies.get(COOKIE))
        return None if key_id is None else await self._keys.holder(key_id)


def gate_of(connection: HTTPConnection) -> Gate:
    """Return the application's gate."""
    gate: Gate = connection.app.state.gate
    return gate


async def identify(
    request: Request,
    _bearer: Annotated[object, Security(_BEARER)],
    _header: Annotated[object, Security(_HEADER)],
    _session: Annotated[object, Security(_SESSION)],
) -> Identity:
    """Return who calls and count the request: the dependency of every route that is not open to all.

    Raises:
        Problem: ``unauthorized``, or ``rate-limited``.
    """
    return await gate_of(request).admit(request)


def require_scope(scope: str) -> Callable[[Identity], Awaitable[Identity]]:
    """Return a dependency that identifies the caller and turns those without ``scope`` away.

    The dependency raises a ``Problem``: what ``identify`` raises, or ``forbidden``.
    """

    async def permitted(identity: Annotated[Identity, Depends(identify)]) -> Identity:
        if scope not in identity.scopes:
            raise Problem(403, "forbidden", extra={"scope": scope})
        return identity

    return permitted


def presented_key(headers: Headers) -> str | None:
    """Return the API key that a request shows in a header, None where it shows none."""
    scheme, _, credentials = headers.get("Authorization", "").partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else headers.get("X-API-Key")


def _address(connection: HTTPConnection) -> str:
    return caller_address(connection.client.host if connection.client else "")


def _unauthorized() -> Problem:
    return Problem(401, "unauthorized", headers={"WWW-Authenticate": 'Bearer realm="Pincite"'})
