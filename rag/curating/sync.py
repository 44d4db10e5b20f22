"""What changed in the corpus since the snapshot that serves, and what of it can be used again."""

from __future__ import annotations

from dataclasses import dataclass

from rag.curating.corpus import Corpus, CorpusFile
from rag.embedding.base import Embedder
from rag.errors import ModelError
from rag.index.manifest import DocumentRecord, EmbedderRecord, FileState, Manifest, SettingsRecord
from rag.models.installation import hash_file
from rag.models.references import resolve_embedder
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Comparison:
    """``reusable`` holds the documents whose file did not change, by path; ``up_to_date``: the snapshot can stay."""

    reusable: dict[str, DocumentRecord]
    up_to_date: bool


NOTHING_KNOWN = Comparison({}, up_to_date=False)


def settings_record(settings: Settings) -> SettingsRecord:
    """Return the settings that decide what a snapshot holds."""
    return SettingsRecord(reading=settings.reading, chunking=settings.chunking, exact_up_to=settings.index.exact_up_to)


def embedder_record(embedder: Embedder) -> EmbedderRecord:
    """Return what a manifest says about ``embedder``."""
    return EmbedderRecord(name=embedder.name, sha256=embedder.sha256, dimension=embedder.dimension)


def compare(corpus: Corpus, serving: Manifest, settings: Settings) -> Comparison:
    """Compare the corpus with the snapshot that serves.

    A file is unchanged when its size is, and its modification time or else its sha256. A file that was skipped before
    and did not change would be skipped again.
    """
    wanted = settings_record(settings)
    if (serving.settings.reading, serving.settings.chunking) != (wanted.reading, wanted.chunking):
        return NOTHING_KNOWN
    records = {document.file.path: document for document in serving.documents}
    states = {path: record.file for path, record in records.items()}
    states |= {record.file.path: record.file for record in serving.skipped}
    unchanged = [
        file.path for file in corpus.files if file.path in states and _is_same(file, states[file.path], corpus)
    ]
    return Comparison(
        reusable={path: records[path] for path in unchanged if path in records},
        up_to_date=len(unchanged) == len(states) == len(corpus.files) and serving.settings == wanted,
    )


def made_by_named_embedder(serving: Manifest, settings: Settings) -> bool:
    """Tell, without loading it, whether the embedder that the settings name made the snapshot; False when unsure."""
    try:
        named = resolve_embedder(settings.embedder, settings.models_dir)
    except ModelError:
        return False
    return (named.name, named.sha256) == (serving.embedder.name, serving.embedder.sha256)


def is_same_embedder(serving: Manifest, embedder: Embedder) -> bool:
    """Tell whether ``embedder`` made the snapshot, whatever it was called then."""
    return (serving.embedder.sha256, serving.embedder.dimension) == (embedder.sha256, embedder.dimension)


def _is_same(file: CorpusFile, state: FileState, corpus: Corpus) -> bool:
    if file.size != state.size:
        return False
    return file.mtime_ns == state.mtime_ns or _hash(file, corpus) == state.sha256


def _hash(file: CorpusFile, corpus: Corpus) -> str | None:
    try:
        return hash_file(corpus.root / file.path)
    except OSError:
        return None
