"""The secret that signs session cookies: made once, kept in a file that its owner alone can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from filelock import FileLock
from sqlalchemy.engine import make_url

from rag.errors import ConfigurationError
from rag.settings import Settings
from server.store.database import database_url

_FILE = "session.key"
_BYTES = 32


def secret_path(settings: Settings) -> Path:
    """Return where the secret lives: beside the database when that is a file, else beside the index."""
    url = make_url(database_url(settings))
    beside = Path(url.database or "") if url.get_backend_name() == "sqlite" else settings.index_dir
    return beside.resolve().parent / _FILE


def load_secret(path: Path) -> bytes:
    """Return the secret in a file, which is made when missing. Processes that make it at once get the same one.

    Raises:
        ConfigurationError: the file can be neither read nor made, or is damaged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock"):
            if not path.exists():
                _make(path)
        secret = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigurationError(f"The session secret {path} cannot be used: {reason}.", "Check its folder.") from error
    if len(secret) != _BYTES:
        raise ConfigurationError(f"The session secret {path} is damaged.", "Delete it; browsers must sign in again.")
    return secret


def _make(path: Path) -> None:
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
