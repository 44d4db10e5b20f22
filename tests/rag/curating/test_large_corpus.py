"""The small sister of ``tests/large_corpus.py``: the same corpus and the same checks, without the model."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from rag.curating.curator import curate
from rag.curating.report import CurationReport
from rag.embedding.base import Embedder
from rag.reading import reader_for, supported_suffixes
from rag.settings import load_settings
from tests.broken_files import BROKEN, LOWERED_MAX_FILE_MB
from tests.generated_corpus import GeneratedCorpus, generate_corpus
from tests.large_corpus import MOST_MIB, Outcome, problems


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> GeneratedCorpus:
    return generate_corpus(tmp_path_factory.mktemp("large") / "corpus", documents=60, broken=len(BROKEN))


def _outcome(report: CurationReport) -> Outcome:
    skipped = {file.path: file.reason for file in report.skipped}
    return Outcome(report.documents, report.passages, skipped, report.seconds, peak_mib=0)


def test_exactly_the_broken_files_are_skipped(corpus: GeneratedCorpus, bag_embedder: Embedder, tmp_path: Path) -> None:
    settings = load_settings(
        corpus_dir=corpus.folder, index_dir=tmp_path / "index", reading={"max_file_mb": LOWERED_MAX_FILE_MB}
    )
    report = curate(settings, open_embedder=lambda _: bag_embedder)
    assert problems(corpus, _outcome(report)) == []
    assert set(report.formats) == {reader_for(Path(f"a{suffix}")).format for suffix in supported_suffixes()}
    assert set(report.languages) == {"en", "zh"}


def test_the_documents_differ(corpus: GeneratedCorpus) -> None:
    hashes = {hashlib.sha256((corpus.folder / path).read_bytes()).digest() for path in corpus.sound}
    assert len(hashes) == len(corpus.sound) == 60


def test_what_is_wrong_is_found(corpus: GeneratedCorpus) -> None:
    right = Outcome(len(corpus.sound), 100, corpus.broken, 1.0, 500)
    assert problems(corpus, right) == []
    sound, first = sorted(corpus.sound)[0], sorted(corpus.broken)[0]
    rest = {path: reason for path, reason in corpus.broken.items() if path != first}
    for wrong, told in (
        (replace(right, skipped=rest), f"{first}: broken, but not skipped"),
        (replace(right, skipped={**corpus.broken, sound: "odd"}), f"{sound}: sound, but skipped (odd)"),
        (replace(right, skipped={**rest, first: "odd"}), f"{first}: skipped for 'odd'"),
        (replace(right, documents=59), "59 documents indexed, not 60"),
        (replace(right, passages=3), "only 3 passages"),
        (replace(right, peak_mib=MOST_MIB), "3,072 MiB at the peak"),
        (replace(right, documents=-1), "pincite index failed"),
    ):
        (line,) = problems(corpus, wrong)
        assert line.startswith(told)
