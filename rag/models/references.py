"""From what a user writes in the settings to a model that a backend can load."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.errors import ModelError
from rag.models.catalog import ModelRole, catalog
from rag.models.installation import is_installed

HUB_PREFIX = "hf:"


@dataclass(frozen=True, slots=True)
class ModelReference:
    """A model that can be loaded.

    ``location`` is the path of the GGUF file or folder, the hub id, or the base URL, by ``kind``. ``sha256`` is that of
    the weights, empty where it is not known beforehand.
    """

    kind: Literal["gguf", "folder", "hub", "url"]
    name: str
    location: str
    sha256: str


def resolve_generator(reference: str, models_dir: Path) -> ModelReference:
    """Find the generator that ``reference`` names.

    It may be a catalog name, a GGUF file, a Hugging Face folder, ``hf:ORG/NAME``, or ``URL#MODEL`` for a service that
    speaks the OpenAI protocol.

    Raises:
        ModelError: unknown, not fetched, or not a generator.
    """
    if reference.startswith(("http://", "https://")):
        return _service(reference)
    return _resolve(reference, models_dir, "generator")


def resolve_embedder(reference: str, models_dir: Path) -> ModelReference:
    """Find the embedder that ``reference`` names: a catalog name, a sentence-transformers folder or ``hf:ORG/NAME``.

    Raises:
        ModelError: unknown, not fetched, or not an embedder.
    """
    return _resolve(reference, models_dir, "embedder")


def _resolve(reference: str, models_dir: Path, role: ModelRole) -> ModelReference:
    if reference in catalog():
        return _from_catalog(reference, models_dir, role)
    if reference.startswith(HUB_PREFIX):
        return _from_hub(reference)
    return _from_path(reference, role)


def _from_catalog(name: str, models_dir: Path, role: ModelRole) -> ModelReference:
    model = catalog()[name]
    if model.role != role:
        remedy = "`pincite models list` shows which model does what."
        raise ModelError(f"The role of {name} is {model.role}, not {role}.", remedy)
    if not is_installed(model, models_dir):
        raise ModelError(f"The model {name} is not in {models_dir}.", f"Run: pincite models fetch {name}")
    kind: Literal["gguf", "folder"] = "gguf" if role == "generator" else "folder"
    return ModelReference(kind, name, str(model.location(models_dir)), model.sha256)


def _from_hub(reference: str) -> ModelReference:
    hub_id = reference.removeprefix(HUB_PREFIX)
    organisation, slash, name = hub_id.partition("/")
    if not (organisation and slash and name) or "/" in name:
        raise ModelError(f"{reference!r} does not name a model of the hub.", "Write hf:ORG/NAME.")
    return ModelReference("hub", hub_id, hub_id, "")


def _from_path(reference: str, role: ModelRole) -> ModelReference:
    path = Path(reference).expanduser()
    if role == "generator" and path.is_file() and _is_gguf(path):
        return ModelReference("gguf", path.stem, str(path), "")
    if path.is_dir() and ((path / "config.json").is_file() or (path / "modules.json").is_file()):
        return ModelReference("folder", path.resolve().name, str(path), "")
    if path.exists():
        wanted = "a GGUF file or a Hugging Face folder" if role == "generator" else "a sentence-transformers folder"
        raise ModelError(f"{reference} is not {wanted}.", "`pincite models list` shows the models known by name.")
    near = difflib.get_close_matches(reference, catalog(), n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise ModelError(
        f"There is no model {reference!r}: no such name in the catalog and no such path.",
        f"{hint}`pincite models list` shows the models known by name.",
    )


def _is_gguf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"GGUF"


def _service(reference: str) -> ModelReference:
    url, _, name = reference.partition("#")
    if not name:
        raise ModelError(f"{url} does not say which model to use.", f"Write {url}#MODEL.")
    return ModelReference("url", name, url.rstrip("/"), "")
