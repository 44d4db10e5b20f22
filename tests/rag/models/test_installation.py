from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from rag.models.catalog import CatalogModel
from rag.models.installation import STAMP, damaged_files, is_installed, write_stamp

WEIGHTS = bytes(range(256)) * 40


def install(model: CatalogModel, models_dir: Path) -> Path:
    path = model.location(models_dir)
    path.parent.mkdir()
    path.write_bytes(WEIGHTS)
    write_stamp(model, path.parent, {})
    return path


def test_nothing_there(tiny_model: CatalogModel, tmp_path: Path) -> None:
    assert not is_installed(tiny_model, tmp_path)
    assert damaged_files(tiny_model, tmp_path) == ["tiny.gguf"]


def test_whole(tiny_model: CatalogModel, tmp_path: Path) -> None:
    install(tiny_model, tmp_path)
    assert is_installed(tiny_model, tmp_path)
    assert damaged_files(tiny_model, tmp_path) == []


def test_a_change_that_keeps_size_and_time_escapes_the_quick_check_only(
    tiny_model: CatalogModel, tmp_path: Path
) -> None:
    path = install(tiny_model, tmp_path)
    status = path.stat()
    path.write_bytes(WEIGHTS[::-1])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert is_installed(tiny_model, tmp_path)
    assert damaged_files(tiny_model, tmp_path) == ["tiny.gguf"]


def test_another_size_or_time_or_a_lost_file_is_noticed_at_once(tiny_model: CatalogModel, tmp_path: Path) -> None:
    path = install(tiny_model, tmp_path)
    os.utime(path, ns=(1, 1))
    assert not is_installed(tiny_model, tmp_path)
    path.unlink()
    assert not is_installed(tiny_model, tmp_path)


def test_a_new_hash_in_the_catalog_makes_the_old_model_unfit(tiny_model: CatalogModel, tmp_path: Path) -> None:
    install(tiny_model, tmp_path)
    newer = dataclasses.replace(tiny_model, files=(dataclasses.replace(tiny_model.files[0], sha256="0" * 64),))
    assert not is_installed(newer, tmp_path)


def test_unpacked_files_are_held_against_the_stamp(tiny_model: CatalogModel, tmp_path: Path) -> None:
    path = install(dataclasses.replace(tiny_model, unpack="e5"), tmp_path)
    unpacked = dataclasses.replace(tiny_model, unpack="e5")
    assert damaged_files(unpacked, tmp_path) == []
    path.write_bytes(b"other")
    assert damaged_files(unpacked, tmp_path) == ["tiny.gguf"]


def test_a_broken_stamp_counts_as_none(tiny_model: CatalogModel, tmp_path: Path) -> None:
    install(tiny_model, tmp_path)
    (tmp_path / "tiny" / STAMP).write_text("[]")
    assert not is_installed(tiny_model, tmp_path)


def test_hashing_reports_every_byte(tiny_model: CatalogModel, tmp_path: Path) -> None:
    install(tiny_model, tmp_path)
    seen: list[int] = []
    damaged_files(tiny_model, tmp_path, seen.append)
    assert sum(seen) == len(WEIGHTS)
