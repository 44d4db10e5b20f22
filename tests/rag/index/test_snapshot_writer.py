from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import SnapshotError
from rag.index.snapshot import SNAPSHOTS_FOLDER, Serving, current_id, open_snapshot
from rag.index.snapshot_writer import SnapshotWriter, index_lock, remove_leftovers

Build = Callable[..., Serving]


def folders(index_dir: Path) -> list[str]:
    return sorted(path.name for path in (index_dir / SNAPSHOTS_FOLDER).iterdir())


def test_only_the_serving_snapshot_stays(tmp_path: Path, build: Build) -> None:
    build(tmp_path, "alpha")
    second = build(tmp_path, "beta")
    assert folders(tmp_path) == [second.id]


def test_a_run_that_fails_changes_nothing(tmp_path: Path, build: Build) -> None:
    before = build(tmp_path, "alpha")
    with (
        pytest.raises(KeyboardInterrupt),
        SnapshotWriter(tmp_path, before.manifest.embedder, before.manifest.settings),
    ):
        raise KeyboardInterrupt
    assert current_id(tmp_path) == before.id
    assert folders(tmp_path) == [before.id]


def test_leftovers_of_killed_runs_go(tmp_path: Path, build: Build) -> None:
    before = build(tmp_path, "alpha")
    (tmp_path / SNAPSHOTS_FOLDER / "building").mkdir()
    (tmp_path / SNAPSHOTS_FOLDER / "building" / "passages.sqlite").write_text("half")
    (tmp_path / SNAPSHOTS_FOLDER / ("e" * 64)).mkdir()
    remove_leftovers(tmp_path)
    assert folders(tmp_path) == [before.id]


def test_a_full_disk_is_told_and_the_old_snapshot_serves(
    tmp_path: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build(tmp_path, "alpha")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rag.index.snapshot_writer.os.fsync", full)
    with pytest.raises(SnapshotError, match="No space left on device") as caught:
        build(tmp_path, "beta")
    assert "space" in caught.value.remedy
    assert open_snapshot(tmp_path).id == before.id
    assert folders(tmp_path) == [before.id]


def test_only_one_process_may_write(tmp_path: Path) -> None:
    program = "\n".join(
        [
            "import sys, pathlib",
            "from rag.index.snapshot_writer import index_lock",
            "with index_lock(pathlib.Path(sys.argv[1])): print('got it')",
        ]
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with index_lock(tmp_path):
        refused = subprocess.run(command, capture_output=True, text=True, check=False)
    free = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Another process is indexing" in refused.stderr
    assert free.stdout == "got it\n"


def test_a_folder_that_cannot_be_made_is_an_error_for_users(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SnapshotError, match="cannot be written"), index_lock(tmp_path / "file" / "index"):
        pass
