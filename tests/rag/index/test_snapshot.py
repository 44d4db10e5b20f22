from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from rag.embedding.base import Embedder
from rag.errors import SnapshotError
from rag.index.manifest import FORMAT_VERSION, MANIFEST_FILE
from rag.index.snapshot import CURRENT_FILE, Serving, current_id, open_snapshot, serving, snapshot_folder

Build = Callable[..., Serving]


def test_an_open_snapshot_holds_what_was_written(tmp_path: Path, build: Build) -> None:
    built = build(tmp_path, "alpha", "beta")
    snapshot = open_snapshot(tmp_path)
    manifest = snapshot_folder(tmp_path, snapshot.id) / MANIFEST_FILE
    assert snapshot.id == built.id == hashlib.sha256(manifest.read_bytes()).hexdigest()
    assert snapshot.manifest == built.manifest
    assert [record.id for record in snapshot.manifest.documents] == ["alpha", "beta"]
    assert snapshot.lexical.search("beta", 5)[0][0] == 1
    assert len(snapshot.vectors.search(np.eye(1, 256, dtype=np.float32)[0], 5)) == snapshot.manifest.passages == 2
    assert [passage.id for passage in snapshot.store.passages([0, 1])] == ["alpha", "beta"]
    assert list(snapshot.passages()) == snapshot.store.passages([0, 1])
    snapshot.close()


def test_without_an_index_the_remedy_is_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="There is no index") as caught:
        open_snapshot(tmp_path / "none")
    assert "pincite index" in caught.value.remedy
    assert serving(tmp_path / "none") is None


def test_the_embedder_must_be_the_one_that_made_the_index(tmp_path: Path, build: Build, bag_embedder: Embedder) -> None:
    build(tmp_path, "alpha")
    snapshot = open_snapshot(tmp_path)
    snapshot.check_embedder(bag_embedder)
    other: Any = SimpleNamespace(name="other-model", sha256="f" * 64, dimension=256)
    with pytest.raises(SnapshotError, match=r"bag-of-words .*000.* other-model .*fff") as caught:
        snapshot.check_embedder(other)
    assert "pincite index" in caught.value.remedy


def test_another_format_version_is_named_with_ours(tmp_path: Path, build: Build) -> None:
    folder = snapshot_folder(tmp_path, build(tmp_path, "alpha").id)
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    (folder / MANIFEST_FILE).write_text(json.dumps({"format_version": 99, "new_key": manifest}))
    with pytest.raises(SnapshotError, match=rf"version 99, .* version {FORMAT_VERSION}\.") as caught:
        open_snapshot(tmp_path)
    assert "pincite index" in caught.value.remedy
    assert serving(tmp_path) is None


@pytest.mark.parametrize(
    "victim", ["manifest.json", "vectors.faiss", "passages.sqlite", "lexical/meta.json", "sentences.rows"]
)
@pytest.mark.parametrize("damage", ["gone", "cut short", "garbled"])
def test_damage_is_an_error_for_users(tmp_path: Path, build: Build, victim: str, damage: str) -> None:
    path = snapshot_folder(tmp_path, build(tmp_path, "alpha").id) / victim
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(data[: len(data) // 2] if damage == "cut short" else b"\xff" * len(data))
    with pytest.raises(SnapshotError) as caught:
        open_snapshot(tmp_path).store.documents()
    assert caught.value.remedy


@pytest.mark.parametrize("content", ["", "../../etc", "0" * 63, "\x00", "zz"])
def test_a_pointer_that_is_no_id_counts_as_no_index(tmp_path: Path, content: str) -> None:
    (tmp_path / CURRENT_FILE).write_text(content)
    assert current_id(tmp_path) is None
    with pytest.raises(SnapshotError, match=re.escape(str(tmp_path))):
        open_snapshot(tmp_path)


def test_an_open_snapshot_outlives_its_replacement(tmp_path: Path, build: Build) -> None:
    build(tmp_path, "alpha")
    old = open_snapshot(tmp_path)
    build(tmp_path, "beta")
    assert not snapshot_folder(tmp_path, old.id).exists()
    assert old.store.passages([0])[0].id == "alpha"
    assert old.lexical.search("alpha", 1)[0][0] == 0
    assert old.vectors.search(np.eye(1, 256, dtype=np.float32)[0], 1)[0][0] == 0
    new = open_snapshot(tmp_path)
    assert new.store.passages([0])[0].id == "beta"


def test_a_snapshot_replaced_while_it_is_opened_gives_way_to_the_new_one(
    tmp_path: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = build(tmp_path, "alpha").id
    newer = build(tmp_path, "beta").id
    answers = iter([stale])
    monkeypatch.setattr("rag.index.snapshot.current_id", lambda _: next(answers, newer))
    assert open_snapshot(tmp_path).id == newer
