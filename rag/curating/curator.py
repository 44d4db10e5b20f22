"""The curate flow, top to bottom: corpus -> reading -> chunking -> embedding -> a snapshot of the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass

from rag.curating.corpus import Corpus, SkippedFile, scan_corpus
from rag.curating.preparing import Preparation, Unchanged, embedded
from rag.curating.report import CurationProgress, CurationReport, SilentProgress, report_on
from rag.curating.sync import (
    NOTHING_KNOWN,
    compare,
    embedder_record,
    is_same_embedder,
    made_by_named_embedder,
    settings_record,
)
from rag.embedding import open_embedder as open_named_embedder
from rag.embedding.base import Embedder
from rag.errors import ConfigurationError, UnreadableFileError
from rag.index.manifest import DocumentRecord, SkippedRecord
from rag.index.snapshot import Serving, open_unopened, serving
from rag.index.snapshot_writer import SnapshotWriter, index_lock, remove_leftovers
from rag.reading import supported_suffixes
from rag.settings import Settings

_NAMED_IN_AN_ERROR = 3


def curate(
    settings: Settings,
    *,
    open_embedder: Callable[[Settings], Embedder] = open_named_embedder,
    progress: CurationProgress | None = None,
    strict: bool = False,
) -> CurationReport:
    """Bring the index up to date with the corpus folder; what did not change is used again.

    Files that cannot be read are skipped and reported; with ``strict`` they are an error. Whatever fails, the snapshot
    that served before goes on serving.

    Raises:
        ConfigurationError: the corpus folder is missing or holds no document.
        UnreadableFileError: ``strict``, and files were skipped.
        SnapshotError: another process is indexing, or the index cannot be written.
        ModelError: the embedder cannot be loaded.
    """
    started = time.perf_counter()
    corpus = scan_corpus(settings.corpus_dir, supported_suffixes(), leave_out=settings.index_dir)
    with index_lock(settings.index_dir):
        remove_leftovers(settings.index_dir)
        before = serving(settings.index_dir)
        comparison = compare(corpus, before.manifest, settings) if before else NOTHING_KNOWN
        after = before if comparison.up_to_date else None
        if not (after and made_by_named_embedder(after.manifest, settings)):
            embedder = open_embedder(settings)
            if not (before and is_same_embedder(before.manifest, embedder)):
                after, comparison = None, NOTHING_KNOWN
            run = _Run(settings, corpus, embedder, progress or SilentProgress(), strict)
            after = after or run.build(before, comparison.reusable)
    skipped = _all_skipped(corpus, after.manifest.skipped)
    if strict:
        _refuse(skipped)
    return report_on(after, before, skipped, time.perf_counter() - started)


@dataclass(frozen=True, slots=True)
class _Run:
    """Makes a new snapshot of a corpus."""

    settings: Settings
    corpus: Corpus
    embedder: Embedder
    progress: CurationProgress
    strict: bool

    def build(self, before: Serving | None, reusable: Mapping[str, DocumentRecord]) -> Serving:
        """Read, split, embed and index the corpus, and swap the snapshot in.

        ``reusable`` are the documents, by path, that the snapshot ``before`` holds as they are.
        """
        record = embedder_record(self.embedder)
        preparation = Preparation(self.corpus, self.settings, self.embedder, reusable)
        with ExitStack() as stack:
            writer = stack.enter_context(
                SnapshotWriter(self.settings.index_dir, record, settings_record(self.settings))
            )
            if before and reusable:
                opened = stack.enter_context(closing(open_unopened(before, self.settings.index_dir)))
            documents, batch_size = preparation.documents(self.progress), self.settings.index.batch_size
            for document in embedded(documents, self.embedder, batch_size, self.progress):
                if isinstance(document, Unchanged):
                    writer.carry_over(opened, document.records)
                else:
                    prepared, vectors = document
                    writer.add(prepared.document, prepared.file, prepared.passages, prepared.texts, vectors)
            self._check(writer, _all_skipped(self.corpus, preparation.skipped))
            return writer.swap_in(preparation.skipped)

    def _check(self, writer: SnapshotWriter, skipped: Sequence[SkippedFile]) -> None:
        if self.strict:
            _refuse(skipped)
        if not writer.documents:
            raise ConfigurationError(
                f"The corpus folder {self.settings.corpus_dir} holds no document that can be read.",
                _list_briefly(skipped) or "Put documents there, or set corpus_dir.",
            )


def _all_skipped(corpus: Corpus, unreadable: Sequence[SkippedRecord]) -> list[SkippedFile]:
    return [*corpus.skipped, *(SkippedFile(record.file.path, record.reason) for record in unreadable)]


def _refuse(skipped: Sequence[SkippedFile]) -> None:
    if skipped:
        raise UnreadableFileError(
            f"{len(skipped)} files of the corpus cannot be read: {_list_briefly(skipped)}.",
            "Mend or remove them, or run without --strict. The index is as it was.",
        )


def _list_briefly(skipped: Sequence[SkippedFile]) -> str:
    named = "; ".join(f"{file.path} ({file.reason})" for file in skipped[:_NAMED_IN_AN_ERROR])
    return f"{named}; …" if len(skipped) > _NAMED_IN_AN_ERROR else named
