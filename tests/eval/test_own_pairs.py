"""The project's own pairs, those scored and those of the calibration, hold to their corpus."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from eval.metrics.answers import is_right
from eval.suites import Query, load_calibration_pairs, load_own_pairs
from rag.reading.front_matter import split_front_matter

_CORPUS = Path(__file__).parents[2] / "corpus"
_QUERIES = load_own_pairs().queries
_CALIBRATION = load_calibration_pairs().queries
_ANSWERABLE = [query for query in (*_QUERIES, *_CALIBRATION) if query.answerable]
_BOTH_SETS = pytest.mark.parametrize("queries", [_QUERIES, _CALIBRATION], ids=["own", "calibration"])


@cache
def _texts() -> dict[str, str]:
    sources = [path.read_text(encoding="utf-8") for path in _CORPUS.rglob("*.md")]
    return {str(metadata["id"]): source for source in sources if "id" in (metadata := split_front_matter(source)[0])}


def test_enough_of_each_kind() -> None:
    types = Counter((query.type, query.language) for query in _QUERIES)
    kinds = ("single", "several_facts", "several_documents", "table", "cross_language", "follow_up", "unanswerable")
    assert len(_QUERIES) >= 120
    assert all(types[kind, language] >= 5 for kind in kinds for language in ("en", "zh"))
    assert sum(not query.answerable for query in _QUERIES) >= 30


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_calibration_holds_many_unanswerable_questions(language: str) -> None:
    queries = [query for query in _CALIBRATION if query.language == language]
    assert len(queries) >= 24
    assert 0.4 <= sum(not query.answerable for query in queries) / len(queries) <= 0.6
    assert sum(query.type == "cross_language" for query in queries) >= 3


def test_the_calibration_repeats_no_scored_pair() -> None:
    assert not {_bare(query.question) for query in _QUERIES} & {_bare(query.question) for query in _CALIBRATION}
    assert not {query.id for query in _QUERIES} & {query.id for query in _CALIBRATION}


@pytest.mark.parametrize("query", _ANSWERABLE, ids=lambda query: query.id)
def test_the_accepted_answer_stands_in_the_relevant_documents(query: Query) -> None:
    assert query.relevant
    assert is_right("\n".join(_texts()[document] for document in query.relevant), query) is True


@pytest.mark.parametrize(
    "query", [query for query in _ANSWERABLE if query.type == "cross_language"], ids=lambda query: query.id
)
def test_cross_language_questions_rest_on_the_other_language(query: Query) -> None:
    assert all(not document.startswith(query.language) for document in query.relevant)


@_BOTH_SETS
def test_unanswerable_and_follow_up_questions_say_so(queries: tuple[Query, ...]) -> None:
    assert all(not query.relevant and query.type == "unanswerable" for query in queries if not query.answerable)
    assert all(query.history for query in queries if query.type == "follow_up")


def _bare(question: str) -> str:
    return "".join(character for character in question.casefold() if character.isalnum())
