"""Signing in with a key, so that a browser need not keep it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from rag.settings import ServerSettings
from server.dependencies import SettingsDep
from server.problems import problem_responses
from server.schemas import SessionRequest, SessionState
from server.security.access import LOCAL, gate_of
from server.security.sessions import COOKIE
from server.store.base import Identity

router = APIRouter(prefix="/v1/session", tags=["session"])


@router.get("", summary="Who is signed in?", responses=problem_responses("unauthorized", "rate-limited", "internal"))
async def read_session(request: Request) -> SessionState:
    """Say whether a key is needed here, and who is signed in."""
    return _state(request, await gate_of(request).identify(request))


@router.post(
    "",
    summary="Sign in",
    responses=problem_responses(
        *("invalid-request", "unauthorized", "csrf", "rate-limited"),
        *("body-too-large", "unsupported-media-type", "internal"),
    ),
)
async def sign_in(body: SessionRequest, request: Request, response: Response, settings: SettingsDep) -> SessionState:
    """Exchange a key for a session: a cookie that no script can read and that the key is not in."""
    gate = gate_of(request)
    identity = await gate.verify(body.key.strip(), request)
    gate.count(identity, request)
    gate.sessions.end(request.cookies.get(COOKIE))
    response.set_cookie(
        COOKIE,
        gate.sessions.begin(identity.key_id),
        max_age=gate.sessions.seconds,
        path="/",
        secure=_is_secure(request, settings.server),
        httponly=True,
        samesite="strict",
    )
    return _state(request, identity)


@router.delete("", status_code=204, summary="Sign out", responses=problem_responses("csrf", "internal"))
async def sign_out(request: Request, response: Response, settings: SettingsDep) -> None:
    """End the session, if there is one."""
    gate_of(request).sessions.end(request.cookies.get(COOKIE))
    secure = _is_secure(request, settings.server)
    response.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="strict")


def _state(request: Request, identity: Identity | None) -> SessionState:
    holder = None if identity == LOCAL else identity
    return SessionState(
        required=not gate_of(request).is_local(request),
        signed_in=holder is not None,
        name="" if holder is None else holder.name,
    )


def _is_secure(request: Request, settings: ServerSettings) -> bool:
    if settings.cookie_secure == "auto":
        # Behind a proxy that speaks HTTPS, the browser's Origin still tells.
        return request.url.scheme == "https" or request.headers.get("origin", "").startswith("https://")
    return settings.cookie_secure == "always"
