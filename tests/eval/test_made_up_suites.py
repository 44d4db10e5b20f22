"""The suites whose texts were made up for this project."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from eval.suites import CALIBRATION_FOLDER, HARBOUR, load_suite

_BOTH = pytest.mark.parametrize("folder", [HARBOUR, CALIBRATION_FOLDER], ids=lambda folder: folder.name)


@_BOTH
def test_the_evidence_stands_in_the_relevant_documents(folder: Path) -> None:
    suite = load_suite(folder)
    texts = {row.id: row.text for row in suite.corpus()}
    for query in suite.queries:
        held = "\n".join(texts[document] for document in query.relevant)
        assert all(sentence in held for sentences in query.evidence_sentences for sentence in sentences), query.id
        assert bool(query.answers) == bool(query.evidence_sentences) == query.answerable, query.id


@_BOTH
def test_both_languages_ask_of_either(folder: Path) -> None:
    queries = load_suite(folder).queries
    kinds = Counter((query.type, query.language) for query in queries)
    assert all(
        kinds[kind, language] >= 3 for kind in ("single", "cross_language", "unanswerable") for language in ("en", "zh")
    )


def test_what_is_fitted_on_is_not_scored() -> None:
    scored, fitted = load_suite(HARBOUR), load_suite(CALIBRATION_FOLDER)
    assert not {row.id for row in scored.corpus()} & {row.id for row in fitted.corpus()}
    assert not {query.question for query in scored.queries} & {query.question for query in fitted.queries}
