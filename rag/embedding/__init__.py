"""Embedders behind one protocol."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path

from rag.embedding.base import Embedder
from rag.embedding.model_files import ModelFiles, locate
from rag.embedding.openvino_embedder import Description, OpenVinoEmbedder
from rag.models.references import resolve_embedder
from rag.settings import Settings

# Raised when what an export holds changes.
_EXPORT_VERSION = 2


def open_embedder(settings: Settings) -> Embedder:
    """Load the embedder that the settings name.

    What OpenVINO runs is written beside the models when one is opened for the first time. A model that it cannot run,
    or that there is no place to write for, runs in torch.

    Raises:
        ModelError: the model is unknown, not fetched, damaged, or does not load.
    """
    files = locate(resolve_embedder(settings.embedder, settings.models_dir))
    folder = settings.models_dir / "openvino" / f"{files.sha256[:16]}-{_EXPORT_VERSION}-{version('openvino')}"
    description = Description.read(folder) or _export(files, folder)
    if description is None or description.unfit:
        from rag.embedding.sentence_transformer import SentenceTransformerEmbedder  # noqa: PLC0415 - imports torch

        return SentenceTransformerEmbedder(files)
    return OpenVinoEmbedder(files, folder, description)


def _export(files: ModelFiles, folder: Path) -> Description | None:
    from rag.embedding.exporting import export  # noqa: PLC0415 - imports torch

    try:
        description = export(files, folder)
    except OSError:
        return None
    for other in folder.parent.glob(f"{files.sha256[:16]}-*"):
        if other != folder:  # of another version of OpenVINO or of ours
            shutil.rmtree(other, ignore_errors=True)
    return description
