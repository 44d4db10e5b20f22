"""The server over a tiny real index, with stand-ins for the models: events, citations and spans are real."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag import Answer, Assistant, curate, open_snapshot
from rag.embedding.base import Embedder
from rag.generation.base import Generator
from rag.settings import AnsweringSettings, Settings
from server.app import create_app
from tests.conftest import OPEN_CALIBRATION
from tests.server.stand_ins import (
    APPLE,
    BASE_URL,
    CHINESE,
    PEER,
    QUESTION,
    PacedGenerator,
    wait_until,
)


@pytest.fixture(scope="session")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "apple.md").write_text(APPLE, encoding="utf-8")
    (folder / "corpus" / "guize.md").write_text(CHINESE, encoding="utf-8")
    (folder / "calibration.toml").write_text(OPEN_CALIBRATION, encoding="utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path, _built: Path, bag_embedder: Embedder) -> Settings:
    """Settings with a corpus and an index of their own, in a temporary folder."""
    if not (_built / "index").exists():
        curate(Settings(corpus_dir=_built / "corpus", index_dir=_built / "index"), open_embedder=lambda _: bag_embedder)
    home = tmp_path / "house"
    shutil.copytree(_built, home)
    return Settings(
        corpus_dir=home / "corpus",
        index_dir=home / "index",
        answering=AnsweringSettings(confidence=0.5, calibration=home / "calibration.toml", repeated_answers=0),
    )


@pytest.fixture
def with_server() -> Callable[..., Settings]:
    """Returns settings with some of the section ``server`` changed."""

    def change(settings: Settings, **changes: object) -> Settings:
        return settings.model_copy(update={"server": settings.server.model_copy(update=changes)})

    return change


@pytest.fixture
def assistant_of(settings: Settings, bag_embedder: Embedder) -> Callable[..., Assistant]:
    """Makes a real assistant whose generator is ``PacedGenerator(**how)``."""

    def make(**how: Any) -> Assistant:  # noqa: ANN401 - see PacedGenerator
        return Assistant(settings, open_snapshot(settings.index_dir), bag_embedder, PacedGenerator(**how))

    return make


@pytest.fixture
def app_of(
    settings: Settings, assistant_of: Callable[..., Assistant], bag_embedder: Embedder
) -> Callable[..., FastAPI]:
    """Makes the application around ``assistant_of(**how)``, with a SQLite database beside the index."""

    def make(settings: Settings = settings, **how: object) -> FastAPI:
        def open_it(settings: Settings, generator: Generator | None = None) -> Assistant:
            if generator is None:
                return assistant_of(**how)
            return Assistant(settings, open_snapshot(settings.index_dir), bag_embedder, generator)

        return create_app(settings, open_it)

    return make


@pytest.fixture
def serve() -> Iterator[Callable[..., TestClient]]:
    """Starts an application and returns a client of it on this machine, once it is ready."""
    started: list[TestClient] = []

    def start(app: FastAPI, peer: tuple[str, int] = PEER, base_url: str = BASE_URL) -> TestClient:
        client = TestClient(app, base_url=base_url, client=peer, raise_server_exceptions=False)
        client.__enter__()
        started.append(client)
        wait_until(lambda: client.get("/readyz").status_code == 200)
        return client

    yield start
    for client in started:
        client.__exit__(None, None, None)


@pytest.fixture
def live() -> Iterator[Callable[[FastAPI], str]]:
    """Serves an application over a real socket, which TestClient cannot stand for; returns its URL once it is ready."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(app: FastAPI) -> str:
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        running.append((server, thread))
        wait_until(lambda: server.started)
        url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        wait_until(lambda: httpx.get(f"{url}/readyz").status_code == 200)
        return url

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()


@pytest.fixture
def client(app_of: Callable[..., FastAPI], serve: Callable[..., TestClient]) -> TestClient:
    """A client of a ready server whose model answers at once."""
    return serve(app_of())


@pytest.fixture
def answer(assistant_of: Callable[..., Assistant]) -> Callable[..., Answer]:
    """Makes a valid Answer, with sentences and citations."""

    def make(question: str = QUESTION, **how: object) -> Answer:
        assistant = assistant_of(**how)
        try:
            return assistant.ask(question)
        finally:
            assistant.close()

    return make


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Waits until a condition holds; fails after some seconds."""
    return wait_until
