"""The runs behind ``support`` and ``faithfulness``, with a bar; no model but the embedder is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.evaluation import progress_bar
from eval.sampling import stratified_sample
from eval.suites import Suite
from eval.support.checker import opened_checker, source_document
from eval.support.claims import Judged, by_label, judge, load_claims
from eval.support.ratings import Rating, Supported, support_of, with_sources
from rag import Embedder
from rag.settings import ChunkingSettings


def judge_file(path: Path, limit: int | None, embedder: Embedder, chunking: ChunkingSettings) -> list[Judged]:
    """Judge the claims in ``path``, or a fixed sample of ``limit``; words weigh by the evidence of them all."""
    claims = load_claims(path)
    sample = stratified_sample(claims, limit or len(claims), by_label)
    documents = (claim.document for claim in claims)
    with opened_checker(documents, embedder, chunking) as checker, progress_bar() as progress:
        return list(progress.track(judge(checker, sample), len(sample), description=path.name))


def support_responses(
    ratings: Sequence[Rating], suite: Suite, embedder: Embedder, chunking: ChunkingSettings
) -> list[Supported]:
    """Cite the rated responses to the questions of ``suite``; words weigh by its whole corpus."""
    rated = with_sources(ratings, suite)
    documents = (source_document(row.id, row.text, row.title) for row in suite.corpus())
    with opened_checker(documents, embedder, chunking) as checker, progress_bar() as progress:
        return list(progress.track(support_of(checker, rated), len(rated), description=suite.name))
