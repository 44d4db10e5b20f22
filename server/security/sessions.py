"""Browser sessions: a signed cookie that stands for a key which was entered once.

The cookie names the key and when the session ends, signed; the key itself is not in it. Revoking the key ends all its
sessions, signing out ends one (in this process, until it restarts; in the browser for good).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable

COOKIE = "pincite_session"

_CONTEXT = b"pincite session 1\n"


class Sessions:
    """Begins, recognises and ends sessions.

    Args:
        secret: signs the cookies; sessions last as long as it is kept.
        hours: how long a session lasts.
        clock: seconds since the epoch.
    """

    def __init__(self, secret: bytes, hours: float, clock: Callable[[], float] = time.time) -> None:
        self.seconds = int(hours * 3600)
        self._secret = secret
        self._clock = clock
        self._ended: dict[str, int] = {}

    def begin(self, key_id: str) -> str:
        """Return the value of the cookie for a new session of a key."""
        claims = f"{key_id}.{secrets.token_hex(16)}.{int(self._clock()) + self.seconds}"
        return f"{claims}.{self._sign(claims)}"

    def key_id(self, cookie: str | None) -> str | None:
        """Return the id of the key whose session it is, None for a forged, expired or ended one."""
        claims, _, signature = (cookie or "").rpartition(".")
        if not hmac.compare_digest(self._sign(claims).encode(), signature.encode()):
            return None
        key_id, nonce, expires = claims.split(".")
        return key_id if int(expires) > self._clock() and nonce not in self._ended else None

    def end(self, cookie: str | None) -> None:
        """End a session, so that a copy of its cookie is worth nothing; nothing happens where there is none."""
        if cookie is None or self.key_id(cookie) is None:
            return
        _, nonce, expires, _ = cookie.split(".")
        now = self._clock()
        self._ended = {nonce: end for nonce, end in self._ended.items() if end > now} | {nonce: int(expires)}

    def _sign(self, claims: str) -> str:
        return hmac.new(self._secret, _CONTEXT + claims.encode(), hashlib.sha256).hexdigest()
