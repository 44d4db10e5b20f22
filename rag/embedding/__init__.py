"""Embedders behind one protocol."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock

from rag.embedding.base import Embedder
from rag.embedding.model_files import ModelFiles, locate
from rag.embedding.openvino_embedder import EXPORT_FORMAT, Description, OpenVinoEmbedder
from rag.models.references import resolve_embedder
from rag.settings import Settings

_OPENING = Lock()


def open_embedder(settings: Settings) -> Embedder:
    """Return the embedder that the settings name; a process loads it once, and all who open it share it.

    What OpenVINO runs is written beside the models when one is opened for the first time. A model that it cannot run,
    or that there is no place to write for, runs in torch.

    Raises:
        ModelError: the model is unknown, not fetched, damaged, or does not load.
    """
    files = locate(resolve_embedder(settings.embedder, settings.models_dir))
    with _OPENING:
        return _open(files, settings.models_dir, quantized=settings.embedder_quantized)


@lru_cache(maxsize=1)
def _open(files: ModelFiles, models_dir: Path, *, quantized: bool) -> Embedder:
    kind = f"{files.sha256[:16]}-{'int8' if quantized else 'half'}"
    folder = models_dir / "openvino" / f"{kind}-{version('openvino')}-{EXPORT_FORMAT}"
    description = Description.read(folder)
    if description is None:
        description = _export(files, folder, quantized=quantized)
        if description:
            _remove(other for other in folder.parent.glob(f"{kind}-*") if other != folder)
    if description is None or description.unfit:
        from rag.embedding.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415 - imports torch

        return SentenceTransformerEmbedder(files)
    return OpenVinoEmbedder(files, folder, description)


def _export(files: ModelFiles, folder: Path, *, quantized: bool) -> Description | None:
    from rag.embedding.exporting import export  # noqa: PLC0415 - imports torch

    try:
        return export(files, folder, quantized=quantized)
    except OSError:
        return None


def _remove(exports: Iterable[Path]) -> None:
    """Remove exports of other versions of OpenVINO; one that cannot be removed stays."""
    for export in exports:
        shutil.rmtree(export, ignore_errors=True)
