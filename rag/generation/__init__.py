"""Language models behind one protocol, whatever runs them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from rag.errors import ConfigurationError
from rag.generation.base import Generator
from rag.models.references import ModelReference, resolve_generator
from rag.settings import Settings

Backend: TypeAlias = Literal["llama_cpp", "transformers", "openai_api"]

_DEFAULT: dict[str, Backend] = {
    "gguf": "llama_cpp",
    "folder": "transformers",
    "hub": "transformers",
    "url": "openai_api",
}
_RUNS: dict[Backend, frozenset[str]] = {
    "llama_cpp": frozenset({"gguf"}),
    "transformers": frozenset({"gguf", "folder", "hub"}),
    "openai_api": frozenset({"url"}),
}


def open_generator(settings: Settings) -> Generator:
    """Load the generator that the settings name; the caller closes it.

    Raises:
        ModelError: the model is unknown, not fetched, damaged, or does not load.
        ConfigurationError: the chosen backend cannot run that kind of model.
    """
    model = resolve_generator(settings.generator, settings.models_dir)
    chosen = settings.generation.backend
    backend = _DEFAULT[model.kind] if chosen == "auto" else chosen
    if model.kind not in _RUNS[backend]:
        raise ConfigurationError(
            f"generation.backend: {backend} cannot run {model.name}, which is a {model.kind}.",
            'Set generation.backend to "auto" or choose another generator.',
        )
    return _open(backend, model, settings)


def _open(backend: Backend, model: ModelReference, settings: Settings) -> Generator:
    # Each backend imports a heavy library at its top; only the chosen one is loaded.
    if backend == "llama_cpp":
        from rag.generation.llama_cpp import LlamaCppGenerator  # noqa: PLC0415

        states_dir = settings.index_dir.parent / "states" if settings.generation.states_gib else None
        return LlamaCppGenerator(model, settings.generation, states_dir)
    if backend == "transformers":
        from rag.generation.transformers import TransformersGenerator  # noqa: PLC0415

        return TransformersGenerator(model, settings.generation)
    from rag.generation.openai_api import OpenAIGenerator  # noqa: PLC0415

    return OpenAIGenerator(model, settings.generation)
