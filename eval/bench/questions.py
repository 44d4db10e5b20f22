"""The questions that speed is measured with: of the own pairs, in both languages and of all types."""

from __future__ import annotations

from eval.sampling import by_type_and_language, stratified_sample
from eval.suites import Suite


def varied_questions(suite: Suite, count: int) -> list[str]:
    """Return ``count`` questions of ``suite`` that stand alone, always the same ones."""
    alone = [query for query in suite.queries if not query.history]
    return [query.question for query in stratified_sample(alone, count, by_type_and_language)]
