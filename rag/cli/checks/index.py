"""The index."""

from __future__ import annotations

from rag.cli.checks.finding import Finding, guarded
from rag.index.manifest import INDEX_COMMAND, read_manifest
from rag.index.snapshot import current_id, snapshot_folder
from rag.models.catalog import catalog
from rag.settings import Settings


def index(settings: Settings) -> Finding:
    """There is an index, readable, made by the embedder of the settings."""
    return guarded("index", lambda: _look(settings))


def _look(settings: Settings) -> Finding:
    identity = current_id(settings.index_dir)
    if identity is None:
        return Finding("index", "error", f"There is none in {settings.index_dir}.", INDEX_COMMAND)
    manifest = read_manifest(snapshot_folder(settings.index_dir, identity))
    made = manifest.embedder
    detail = f"{len(manifest.documents)} documents, {manifest.passages} passages, of {manifest.created:%Y-%m-%d %H:%M}"
    known = catalog().get(settings.embedder)
    if known and known.sha256 != made.sha256:
        return Finding("index", "error", f"{detail}; made with {made.name}, not {settings.embedder}", INDEX_COMMAND)
    return Finding("index", "ok", f"{detail}, made with {made.name}, id {identity[:12]}…")
