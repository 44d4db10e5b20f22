from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.answering import opening
from rag.curating.curator import curate
from rag.embedding.base import Embedder
from rag.errors import PinciteError, SnapshotError
from rag.generation.base import Generator
from rag.settings import Settings, load_settings


class Closable:
    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def indexed(tmp_path: Path, bag_embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Settings:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "tea.md").write_text("# Tea\n\nTea is drunk hot.\n", encoding="utf-8")
    settings = load_settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    curate(settings, open_embedder=lambda _: bag_embedder)
    return settings


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> Closable:
    generator = Closable()
    monkeypatch.setattr(opening, "open_generator", lambda _: generator)
    return generator


def test_an_assistant_has_both_models(
    indexed: Settings, loaded: Closable, bag_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "open_embedder", lambda _: bag_embedder)
    assistant = opening.open_assistant(indexed)
    assert assistant.embedder.sha256 == bag_embedder.sha256
    assert not loaded.closed
    assistant.close()
    assert loaded.closed


def test_a_generator_is_closed_where_the_embedder_is_another_unless_it_was_given(
    indexed: Settings, loaded: Closable, embedder_of: Callable[[str], Embedder], monkeypatch: pytest.MonkeyPatch,
    scripted: Callable[..., Generator],
) -> None:  # fmt: skip
    monkeypatch.setattr(opening, "open_embedder", lambda _: embedder_of("1" * 64))
    given = scripted()
    monkeypatch.setattr(given, "close", lambda: pytest.fail("it serves on"))
    with pytest.raises(SnapshotError):
        opening.open_assistant(indexed, given)
    with pytest.raises(SnapshotError):
        opening.open_assistant(indexed)
    assert loaded.closed


def test_what_fails_beside_the_generator_is_told(
    indexed: Settings, loaded: Closable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Settings) -> Embedder:
        raise PinciteError("The embedder is not there.")

    monkeypatch.setattr(opening, "open_embedder", fail)
    with pytest.raises(PinciteError, match="not there"):
        opening.open_assistant(indexed)
    assert loaded.closed
