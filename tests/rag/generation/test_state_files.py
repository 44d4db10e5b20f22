from __future__ import annotations

import os
import time
from pathlib import Path

from rag.generation.state_files import StateFiles


def save(files: StateFiles, name: str, size: int = 10) -> None:
    (files.folder / files.unfinished(name)).write_bytes(bytes(size))
    files.finish(name)


def test_a_state_is_there_once_it_is_whole(tmp_path: Path) -> None:
    files = StateFiles(tmp_path / "states", 100, "model")
    (files.folder / files.unfinished("a")).write_bytes(b"half")
    assert files.find("a") is None
    files.finish("a")
    kept = files.find("a")
    assert kept is not None
    assert (files.folder / kept).read_bytes() == b"half"
    files.discard("a")
    assert files.find("a") is None


def test_states_outlive_the_process_and_belong_to_their_model(tmp_path: Path) -> None:
    save(StateFiles(tmp_path, 100, "model"), "a")
    assert StateFiles(tmp_path, 100, "model").find("a")
    assert StateFiles(tmp_path, 100, "another").find("a") is None


def test_the_one_not_used_longest_goes_first_whosever_it_is(tmp_path: Path) -> None:
    files, other = StateFiles(tmp_path, 30, "model"), StateFiles(tmp_path, 30, "other")
    for age, (owner, name) in enumerate([(files, "a"), (other, "b"), (files, "c")]):
        save(owner, name)
        path = tmp_path / (owner.find(name) or "")
        os.utime(path, (time.time() - 100 + age,) * 2)
    assert files.is_full
    assert files.find("a")
    save(files, "d")
    assert [owner.find(name) is None for owner, name in [(files, "a"), (other, "b"), (files, "c")]] == [
        False,
        True,
        False,
    ]


def test_what_a_crash_left_goes_in_its_turn(tmp_path: Path) -> None:
    (tmp_path / "model-a.state.77").write_bytes(bytes(90))
    os.utime(tmp_path / "model-a.state.77", (0, 0))
    save(StateFiles(tmp_path, 50, "model"), "b")
    assert [path.name for path in tmp_path.iterdir()] == ["model-b.state"]


def test_nobody_else_may_read_the_folder(tmp_path: Path) -> None:
    assert StateFiles(tmp_path / "states", 1, "model").folder.stat().st_mode & 0o077 == 0


def test_a_temporary_folder_goes_with_the_files() -> None:
    files = StateFiles(None, 0, "model")
    save(files, "a")
    assert files.find("a")
    files.close()
    assert not files.folder.exists()
    assert files.find("a") is None


def test_a_folder_that_is_tidied_away_loses_nothing_but_states(tmp_path: Path) -> None:
    files = StateFiles(tmp_path / "states", 100, "model")
    files.finish("never written")
    assert files.find("never written") is None


def test_where_nothing_can_be_written_states_pass(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    files = StateFiles(tmp_path / "file" / "states", 100, "model")
    save(files, "a")
    assert files.find("a")
    assert tmp_path not in files.folder.parents
    files.close()
