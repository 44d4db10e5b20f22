"""A clock, a store of keys in memory, and a small application behind the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from rag.settings import ServerSettings, Settings
from server import problems
from server.security import middleware
from server.security.access import Gate, identify, require_scope
from server.store.base import Identity, KeyRecord


class MemoryKeys:
    """Keeps keys as they are, and counts how often the slow way was taken."""

    def __init__(self) -> None:
        self.records: dict[str, KeyRecord] = {}
        self.verifications = 0

    def create(self, name: str, scopes: frozenset[str]) -> str:
        key = f"pk_{name}_secret"
        self.records[key] = KeyRecord(name, name, scopes, datetime.now(UTC), None, None)
        return key

    def verify(self, key: str) -> Identity | None:
        self.verifications += 1
        record = self.records.get(key)
        return None if record is None or record.revoked else Identity(record.id, record.name, record.scopes)

    def list(self) -> list[KeyRecord]:
        return list(self.records.values())

    def revoke(self, key_id_or_name: str) -> bool:
        key = f"pk_{key_id_or_name}_secret"
        if key not in self.records:
            return False
        self.records[key] = replace(self.records[key], revoked=datetime.now(UTC))
        return True

    def any_active(self) -> bool:
        return any(record.revoked is None for record in self.records.values())


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys() -> MemoryKeys:
    return MemoryKeys()


@pytest.fixture
def guarded(keys: MemoryKeys, tmp_path: Path) -> Callable[..., TestClient]:
    """Opens a client of a guarded application: ``guarded(host=..., base_url=..., peer=..., **server settings)``."""

    def open_client(base_url: str = "http://127.0.0.1:8000", peer: str = "127.0.0.1", **server: object) -> TestClient:
        settings = Settings(index_dir=tmp_path / "index", server=ServerSettings.model_validate(server))
        return TestClient(_application(settings, keys), base_url=base_url, client=(peer, 50_000))

    return open_client


def _application(settings: Settings, keys: MemoryKeys) -> FastAPI:
    app = FastAPI()
    app.state.gate = Gate(settings, keys)
    problems.install(app)
    middleware.install(app, settings.server)

    @app.get("/v1/who")
    @app.post("/v1/who")
    async def who(caller: Annotated[Identity, Depends(identify)]) -> dict[str, object]:
        return {"id": caller.key_id, "scopes": sorted(caller.scopes)}

    @app.get("/v1/chat")
    async def chat(caller: Annotated[Identity, Depends(require_scope("chat"))]) -> str:
        return caller.key_id

    return app
