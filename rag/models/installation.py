"""Whether a fetched model is there and whole.

A stamp beside the files records the size, modification time and sha256 that each had when it was put in place. The
quick check compares sizes and times, the full one reads everything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rag.models.catalog import CatalogModel

STAMP = "verified.json"
_CHUNK = 1 << 20


def is_installed(model: CatalogModel, models_dir: Path) -> bool:
    """Tell whether the model is in place and untouched since it was verified, without reading the weights."""
    folder = model.folder(models_dir)
    stamp = _read_stamp(folder)
    if stamp.get("sha256") != model.sha256 or not stamp.get("files"):
        return False
    return all(_state(folder / path) == [entry["bytes"], entry["mtime_ns"]] for path, entry in stamp["files"].items())


def write_stamp(model: CatalogModel, folder: Path, known: Mapping[str, str]) -> None:
    """Record the files in ``folder`` as the verified state of ``model``.

    ``known`` holds the sha256 of the files that were just checked, by path; the others are read and hashed.
    """
    files = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != STAMP):
        name = path.relative_to(folder).as_posix()
        size, mtime = _state(path)
        files[name] = {"bytes": size, "mtime_ns": mtime, "sha256": known.get(name) or hash_file(path)}
    (folder / STAMP).write_text(json.dumps({"sha256": model.sha256, "files": files}, indent=1), encoding="utf-8")


def damaged_files(model: CatalogModel, models_dir: Path, progress: Callable[[int], None] | None = None) -> list[str]:
    """Read every file of a fetched model and return those that are missing or changed, as paths in its folder.

    Files that the catalog pins are held against the catalog, those made by unpacking against the stamp.
    ``progress`` is called with the number of bytes read since its last call.
    """
    folder = model.folder(models_dir)
    stamp = _read_stamp(folder)
    expected = {path: entry["sha256"] for path, entry in stamp.get("files", {}).items()}
    if not model.unpack:
        expected |= {file.path: file.sha256 for file in model.files}
    if not expected:
        return [STAMP]
    return [
        path
        for path, sha256 in expected.items()
        if not (folder / path).is_file() or hash_file(folder / path, progress) != sha256
    ]


def hash_file(path: Path, progress: Callable[[int], None] | None = None) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
        if progress:
            progress(len(chunk))
    return digest.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _state(path: Path) -> list[int]:
    try:
        status = path.stat()
    except OSError:
        return [-1, -1]
    return [status.st_size, status.st_mtime_ns]


def _read_stamp(folder: Path) -> dict[str, Any]:
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}
