"""API keys in SQL, as salted hashes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from server.security.keys import hash_secret, join_key, matches, new_secret, split_key
from server.store.base import Identity, KeyRecord, NameTaken
from server.store.sessions import Sessions
from server.store.tables import KeyRow

# A key's last use is noted no finer than this, so that reading costs no write.
_NOTED_EVERY = timedelta(minutes=1)


class SqlKeyStore:
    """Keeps API keys; see ``KeyStore``."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def create(self, name: str, scopes: frozenset[str]) -> str:
        """Make a key and return it: the only time that it is seen.

        Raises:
            NameTaken: an active key has that name.
        """
        secret = new_secret()
        row = KeyRow(
            id=uuid.uuid4().hex,
            name=name,
            hashed=hash_secret(secret),
            scopes=" ".join(sorted(scopes)),
            created=datetime.now(UTC),
        )
        try:
            with self._sessions.writing() as session:
                session.add(row)
        except IntegrityError as error:
            raise NameTaken(name) from error
        return join_key(row.id, secret)

    def verify(self, key: str) -> Identity | None:
        """Return whose key it is, None for an unknown or revoked one, in a time that does not tell which."""
        parts = split_key(key)
        if parts is None:
            return None
        key_id, secret = parts
        with self._sessions.reading() as session:
            row = session.scalar(select(KeyRow).where(KeyRow.id == key_id, KeyRow.revoked.is_(None)))
        # Compared also where there is no such key, so that the time does not tell.
        if not matches(secret, row.hashed if row else None) or row is None:
            return None
        self._note_use(row)
        return Identity(row.id, row.name, _scopes(row))

    def list(self) -> Sequence[KeyRecord]:
        """Return all keys, revoked ones too, oldest first."""
        with self._sessions.reading() as session:
            rows = session.scalars(select(KeyRow).order_by(KeyRow.created, KeyRow.id)).all()
        return [KeyRecord(row.id, row.name, _scopes(row), row.created, row.last_used, row.revoked) for row in rows]

    def revoke(self, key_id_or_name: str) -> bool:
        """Make an active key worthless, found by its id or else its name; False where there is none."""
        named = or_(KeyRow.id == key_id_or_name, KeyRow.name == key_id_or_name)
        wanted = select(KeyRow).where(named, KeyRow.revoked.is_(None)).with_for_update()
        with self._sessions.writing() as session:
            found = session.scalars(wanted.order_by((KeyRow.id == key_id_or_name).desc())).first()
            if found is not None:
                found.revoked = datetime.now(UTC)
            return found is not None

    def any_active(self) -> bool:
        """Say whether there is a key that is not revoked."""
        with self._sessions.reading() as session:
            return session.scalar(select(KeyRow.id).where(KeyRow.revoked.is_(None)).limit(1)) is not None

    def _note_use(self, row: KeyRow) -> None:
        now = datetime.now(UTC)
        if row.last_used is None or now - row.last_used >= _NOTED_EVERY:
            with self._sessions.writing() as session:
                session.execute(update(KeyRow).where(KeyRow.id == row.id).values(last_used=now))


def _scopes(row: KeyRow) -> frozenset[str]:
    return frozenset(row.scopes.split())
