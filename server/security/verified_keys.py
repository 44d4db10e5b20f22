"""Keys that were verified a moment ago, so that a slow hash is not computed at every request."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool

from server.store.base import Identity, KeyStore

# A revoked key stops working after this many seconds at the latest, whichever process revoked it.
_LIST_FOR_S = 2.0
# How exact the store's "last used" is.
_VERIFY_AGAIN_AFTER_S = 60.0
_REMEMBERED = 1024


class VerifiedKeys:
    """Verifies keys against a store and remembers, in memory and as a keyed hash, which ones were right.

    Args:
        store: where the keys are kept.
        clock: monotonic seconds.
    """

    def __init__(self, store: KeyStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._pepper = secrets.token_bytes(32)
        self._verified: dict[bytes, tuple[str, float]] = {}
        self._active: Mapping[str, Identity] = {}
        self._listed: float | None = None

    async def recall(self, key: str) -> Identity | None:
        """Return whose key it is when it was verified before and is not revoked."""
        digest = self._digest(key)
        key_id, verified = self._verified.get(digest, ("", 0.0))
        if not key_id:
            return None
        if self._clock() - verified > _VERIFY_AGAIN_AFTER_S:
            self._remember(digest, key_id)  # before the wait, so that others do not verify it too
            await run_in_threadpool(self._store.verify, key)
        return await self.holder(key_id)

    async def verify(self, key: str) -> Identity | None:
        """Ask the store whose key it is: slow on purpose, and as slow for a key that is not there."""
        identity = await run_in_threadpool(self._store.verify, key)
        if identity is not None:
            self._remember(self._digest(key), identity.key_id)
            self._listed = None  # the key may be newer than the list
        return identity

    async def holder(self, key_id: str) -> Identity | None:
        """Return whose key has that id, None when it is unknown or revoked."""
        if self._listed is None or self._clock() - self._listed > _LIST_FOR_S:
            records = await run_in_threadpool(self._store.list)
            self._active = {k.id: Identity(k.id, k.name, k.scopes) for k in records if k.revoked is None}
            self._listed = self._clock()
        return self._active.get(key_id)

    async def any_active(self) -> bool:
        """Say whether the store has a key that is not revoked."""
        return await run_in_threadpool(self._store.any_active)

    def _remember(self, digest: bytes, key_id: str) -> None:
        self._verified.pop(digest, None)
        self._verified[digest] = (key_id, self._clock())
        if len(self._verified) > _REMEMBERED:
            del self._verified[next(iter(self._verified))]

    def _digest(self, key: str) -> bytes:
        return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), key=self._pepper, digest_size=32).digest()
