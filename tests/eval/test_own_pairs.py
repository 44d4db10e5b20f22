"""The project's own pairs hold to their corpus."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from eval.metrics.answers import is_right
from eval.suites import Query, load_own_pairs
from rag.reading.front_matter import split_front_matter

_CORPUS = Path(__file__).parents[2] / "corpus"
_QUERIES = load_own_pairs().queries
_ANSWERABLE = [query for query in _QUERIES if query.answerable]


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


@pytest.mark.parametrize("query", _ANSWERABLE, ids=lambda query: query.id)
def test_the_accepted_answer_stands_in_the_relevant_documents(query: Query) -> None:
    assert query.relevant
    assert is_right("\n".join(_texts()[document] for document in query.relevant), query) is True


def test_unanswerable_and_follow_up_questions_say_so() -> None:
    assert all(not query.relevant and query.type == "unanswerable" for query in _QUERIES if not query.answerable)
    assert all(query.history for query in _QUERIES if query.type == "follow_up")
