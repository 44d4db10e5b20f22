"""The models: there, whole, and at work."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from rag.cli.checks.finding import Finding, guarded
from rag.domain import Message
from rag.errors import ModelError
from rag.models.catalog import ModelRole, catalog
from rag.models.installation import damaged_files
from rag.models.references import ModelReference, resolve_embedder, resolve_generator
from rag.settings import Settings


def generator(settings: Settings) -> Finding:
    """The generator is there, and its bytes are those of the catalog."""
    return guarded("generator", lambda: _model("generator", settings.generator, resolve_generator, settings.models_dir))


def embedder(settings: Settings) -> Finding:
    """The embedder is there, and its bytes are those of the catalog."""
    return guarded("embedder", lambda: _model("embedder", settings.embedder, resolve_embedder, settings.models_dir))


def embedder_test(settings: Settings) -> Finding:
    """The embedder loads and embeds."""
    return guarded("embedder test", lambda: _try_embedder(settings))


def generator_test(settings: Settings) -> Finding:
    """The generator loads and writes two tokens."""
    return guarded("generator test", lambda: _try_generator(settings))


def _model(role: ModelRole, name: str, resolve: Callable[[str, Path], ModelReference], models_dir: Path) -> Finding:
    reference = resolve(name, models_dir)
    if name not in catalog():
        return Finding(role, "ok", f"{reference.name} ({reference.kind}: {reference.location})")
    damaged = damaged_files(catalog()[name], models_dir)
    if damaged:
        raise ModelError(f"{name} is damaged: {', '.join(damaged)}.", f"Run: pincite models fetch {name}")
    return Finding(role, "ok", f"{name}, sha256 {reference.sha256[:12]}… verified")


def _try_embedder(settings: Settings) -> Finding:
    from rag.embedding import open_embedder  # noqa: PLC0415 - loads the runtime

    start = time.perf_counter()
    model = open_embedder(settings)
    loaded = time.perf_counter()
    model.embed_queries(["A test."])
    done = time.perf_counter()
    detail = f"{model.dimension} dimensions; loaded in {loaded - start:.1f} s, one question in {done - loaded:.2f} s"
    return Finding("embedder test", "ok", detail)


def _try_generator(settings: Settings) -> Finding:
    from rag.generation import open_generator  # noqa: PLC0415 - loads a heavy backend

    start = time.perf_counter()
    model = open_generator(settings)
    try:
        loaded = time.perf_counter()
        text = "".join(model.stream([Message("user", "Say: good day")], max_tokens=2))
        done = time.perf_counter()
    finally:
        model.close()
    if not text:
        return Finding("generator test", "error", "it wrote nothing", "Run: pincite models verify")
    detail = f"{model.info.backend} wrote {text!r}; loaded in {loaded - start:.1f} s, answered in {done - loaded:.2f} s"
    return Finding("generator test", "ok", detail)
