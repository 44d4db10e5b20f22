"""API keys: how they are made, hashed and compared. A key reads ``pk_<id>_<secret>``; only a salted hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

SCOPES = frozenset({"chat", "search", "admin"})

_SECRET_BYTES = 32
_SALT_BYTES = 16
_HASH_BYTES = 32
# The costs that RFC 7914 gives for interactive use: 16 MiB and some 50 ms.
_COSTS = (2**14, 8, 1)
_MAX_MEMORY = 64 * 2**20
_KEY = re.compile(r"pk_([0-9A-Za-z-]{1,64})_([0-9A-Za-z]{1,128})")


def new_secret() -> str:
    """Return a fresh secret: 256 random bits as hex digits, so that a double click selects the whole key."""
    return secrets.token_hex(_SECRET_BYTES)


def join_key(key_id: str, secret: str) -> str:
    """Return the key as its holder sees it."""
    return f"pk_{key_id}_{secret}"


def split_key(key: str) -> tuple[str, str] | None:
    """Return the id and the secret of a key, None for what is no key."""
    parts = _KEY.fullmatch(key)
    return (parts[1], parts[2]) if parts else None


def hash_secret(secret: str) -> str:
    """Return a salted scrypt hash with its costs and salt: ``scrypt$n$r$p$salt$hash``, the last two in hex."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return _written(salt, _scrypt(secret, salt, _COSTS))


def matches(secret: str, hashed: str | None) -> bool:
    """Say whether a secret is the one that was hashed, in a time that does not depend on where they differ.

    Pass None where no such key exists: the same work is done, so the time does not tell, and the result is False.
    """
    _, n, r, p, salt, expected = (hashed or _NOBODY).split("$")
    found = _scrypt(secret, bytes.fromhex(salt), (int(n), int(r), int(p)))
    return hmac.compare_digest(found, bytes.fromhex(expected)) and hashed is not None


def _scrypt(secret: str, salt: bytes, costs: tuple[int, int, int]) -> bytes:
    n, r, p = costs
    return hashlib.scrypt(secret.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MAX_MEMORY, dklen=_HASH_BYTES)


def _written(salt: bytes, hashed: bytes) -> str:
    n, r, p = _COSTS
    return f"scrypt${n}${r}${p}${salt.hex()}${hashed.hex()}"


_NOBODY = _written(bytes(_SALT_BYTES), bytes(_HASH_BYTES))
