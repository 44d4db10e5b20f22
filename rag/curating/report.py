"""What a run of the curator did, and how it tells of its progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.curating.corpus import SkippedFile
from rag.index.manifest import Manifest
from rag.index.snapshot import Serving


class CurationProgress(Protocol):
    """Told how a run goes."""

    def planned(self, files: int) -> None:
        """``files`` will be looked at."""

    def file_done(self) -> None:
        """One more file was read, reused or skipped."""

    def embedded(self, texts: int) -> None:
        """``texts`` more, passages and sentences, were embedded."""


class SilentProgress:
    """Tells nobody."""

    def planned(self, files: int) -> None:
        """Do nothing."""

    def file_done(self) -> None:
        """Do nothing."""

    def embedded(self, texts: int) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the documents of a snapshot differ from the one before, by path."""

    added: int
    updated: int
    removed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class CurationReport:
    """The snapshot that serves after a run; ``new`` says whether the run made it."""

    snapshot: str
    new: bool
    documents: int
    passages: int
    formats: dict[str, int]
    languages: dict[str, int]
    changes: Changes
    skipped: tuple[SkippedFile, ...]
    seconds: float


def report_on(after: Serving, before: Serving | None, skipped: Sequence[SkippedFile], seconds: float) -> CurationReport:
    """Describe the snapshot ``after`` against the one that served ``before``; they may be the same."""
    documents = after.manifest.documents
    return CurationReport(
        snapshot=after.id,
        new=before is None or after.id != before.id,
        documents=len(documents),
        passages=after.manifest.passages,
        formats=dict(sorted(Counter(document.format for document in documents).items())),
        languages=dict(sorted(Counter(document.language for document in documents).items())),
        changes=_changes(after.manifest, before.manifest if before else None),
        skipped=tuple(sorted(skipped, key=lambda file: file.path)),
        seconds=round(seconds, 3),
    )


def _changes(manifest: Manifest, before: Manifest | None) -> Changes:
    old = {document.file.path: document.file.sha256 for document in before.documents} if before else {}
    new = {document.file.path: document.file.sha256 for document in manifest.documents}
    unchanged = sum(old.get(path) == sha256 for path, sha256 in new.items())
    added = len(new.keys() - old.keys())
    return Changes(added, len(new) - added - unchanged, len(old.keys() - new.keys()), unchanged)
