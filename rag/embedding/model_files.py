"""Where an embedder's files are, and what tells its weights from others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError
from rag.models.installation import hash_file
from rag.models.references import ModelReference

# What a model needs; pickled weights and the exports for other runtimes stay on the hub.
_HUB_FILES = ["*.json", "*.txt", "*.model", "*.safetensors"]


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The folder of a sentence-transformers model, the name it was asked for by, and the hash of its weights."""

    name: str
    folder: Path
    sha256: str

    @property
    def tokenizer(self) -> Path:
        """The file of its tokenizer."""
        return self.folder / "tokenizer.json"


def locate(reference: ModelReference) -> ModelFiles:
    """Return the files of a model, fetched where it lies on the hub.

    The hash is the catalog's; for other models it is one over the weight files of the folder.

    Raises:
        ModelError: the model cannot be had from the hub.
    """
    folder = _hub_folder(reference.location) if reference.kind == "hub" else Path(reference.location)
    return ModelFiles(reference.name, folder, reference.sha256 or _hash_weights(folder))


def _hub_folder(hub_id: str) -> Path:
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - only for models of the hub
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError  # noqa: PLC0415

    try:
        return Path(snapshot_download(hub_id, allow_patterns=_HUB_FILES))
    except (HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            f"The model {hub_id} cannot be had from the Hugging Face Hub: {str(error).splitlines()[0]}",
            "Check the name and the network, or choose an embedder of `pincite models list`.",
        ) from error


def _hash_weights(folder: Path) -> str:
    files = sorted([*folder.rglob("*.safetensors"), *folder.rglob("pytorch_model*.bin")])
    lines = [f"{hash_file(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
