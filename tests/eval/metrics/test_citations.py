from __future__ import annotations

from collections.abc import Callable

from eval.bootstrap import ratio
from eval.metrics.citations import citation_precision, citation_recall, sentence_support
from eval.metrics.samples import Share
from eval.records import Record


def test_documents_cited_against_relevant(record: Callable[..., Record]) -> None:
    one = record(cited=("a", "a", "x"), relevant=("a", "b", "c"))
    assert citation_precision(one) == Share(1 / 2)
    assert citation_recall(one) == Share(1 / 3)


def test_what_does_not_count(record: Callable[..., Record]) -> None:
    assert citation_precision(record(cited=())) is None
    assert citation_recall(record(cited=())) == Share(0.0)
    for one in (record(refused=True), record(answerable=False, cited=("x",)), record(relevant=(), cited=("x",))):
        assert citation_precision(one) is None
        assert citation_recall(one) is None


def test_support_is_a_share_of_all_sentences(record: Callable[..., Record]) -> None:
    records = [record(verdicts=("supported", "partial", "unsupported")), record(verdicts=("supported",))]
    assert ratio([sentence_support(one) for one in records]).value == 2 / 4
    assert sentence_support(record(refused=True)) is None
