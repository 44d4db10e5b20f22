from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from rag import Assistant, Concluded, Settings, curate, open_snapshot
from rag.embedding.base import Embedder
from rag.errors import SnapshotError
from rag.generation.base import Generator
from server import loading
from server.engine import Engine
from tests.server.stand_ins import QUESTION

Open = Callable[..., Assistant]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_CHECK_INDEX_S", 0.05)


@pytest.fixture
def opened() -> list[Assistant]:
    return []


@pytest.fixture
def open_it(opened: list[Assistant], assistant_of: Callable[..., Assistant], bag_embedder: Embedder) -> Open:
    """Opens assistants over the index as it is, and remembers them."""

    def open_it(settings: Settings, generator: Generator | None = None) -> Assistant:
        if generator is None:
            opened.append(assistant_of(delay=0.03))
        else:
            opened.append(Assistant(settings, open_snapshot(settings.index_dir), bag_embedder, generator))
        return opened[-1]

    return open_it


@pytest.fixture
def index(settings: Settings, bag_embedder: Embedder) -> Callable[[str], None]:
    """Adds a document to the corpus and indexes it."""

    def add(name: str) -> None:
        (settings.corpus_dir / f"{name}.md").write_text(f"# {name}\n\nAlibaba also sells {name}.\n", encoding="utf-8")
        curate(settings, open_embedder=lambda _: bag_embedder)

    return add


@asynccontextmanager
async def running(settings: Settings, open_it: Open) -> AsyncIterator[Engine]:
    engine = Engine(settings, open_it)
    await engine.start()
    await engine.settle()
    try:
        yield engine
    finally:
        await engine.stop()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.02)


def test_a_new_index_is_served_with_the_same_generator_and_running_answers_end_on_the_old_one(
    settings: Settings, open_it: Open, opened: list[Assistant], index: Callable[[str], None]
) -> None:
    async def scene() -> None:
        async with running(settings, open_it) as engine:
            old = engine.state.snapshot
            events = engine.stream(QUESTION)
            await anext(events)
            await asyncio.to_thread(index, "bananas")
            await until(lambda: engine.state.snapshot != old)
            assert opened[1].generator is opened[0].generator
            answers = [event.answer async for event in events if isinstance(event, Concluded)]
            assert answers[0].snapshot == old
            again = [event.answer async for event in engine.stream(QUESTION) if isinstance(event, Concluded)]
            assert again[0].snapshot == engine.state.snapshot
            assert engine.state.documents == 3
        assert opened[0].generator.closed  # type: ignore[attr-defined]

    asyncio.run(scene())


def test_the_old_files_close_when_nobody_reads_them_any_more(
    settings: Settings, open_it: Open, opened: list[Assistant], index: Callable[[str], None]
) -> None:
    async def scene() -> None:
        async with running(settings, open_it) as engine:
            reader = engine.assistant
            store, old = reader.snapshot.store, engine.state.snapshot
            await asyncio.to_thread(index, "bananas")
            await until(lambda: engine.state.snapshot != old)
            opened.clear()
            gc.collect()
            assert store.document("apple") is not None
            del reader
            gc.collect()
            with pytest.raises(Exception, match="closed"):
                store.document("apple")

    asyncio.run(scene())


def test_an_index_that_cannot_be_opened_leaves_the_old_one_serving_and_is_tried_once(
    settings: Settings, open_it: Open, index: Callable[[str], None]
) -> None:
    tried = []

    def open_once(settings: Settings, *generator: Generator) -> Assistant:
        tried.append(generator)
        if generator:
            raise SnapshotError("It was made with another embedder.")
        return open_it(settings)

    async def scene() -> None:
        async with running(settings, open_once) as engine:
            old = engine.state.snapshot
            await asyncio.to_thread(index, "bananas")
            await until(lambda: engine.state.detail != "")
            await asyncio.sleep(0.2)
            assert (engine.state.status, engine.state.snapshot) == ("ready", old)
            assert len(tried) == 2

    asyncio.run(scene())


def test_an_index_made_after_the_start_is_found(
    settings: Settings, open_it: Open, index: Callable[[str], None]
) -> None:
    (settings.index_dir / "CURRENT").unlink()

    async def scene() -> None:
        async with running(settings, open_it) as engine:
            assert engine.state.status == "failed"
            assert "There is no index" in engine.state.detail
            await asyncio.to_thread(index, "bananas")
            await until(lambda: engine.state.status == "ready")

    asyncio.run(scene())


def test_an_unforeseen_failure_is_told_too(settings: Settings) -> None:
    def fail(_: Settings) -> Assistant:
        raise ZeroDivisionError("oh")

    async def scene() -> None:
        async with running(settings, fail) as engine:
            assert engine.state.detail == "ZeroDivisionError: oh"

    asyncio.run(scene())
