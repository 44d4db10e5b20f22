"""Labelled drafts: what the decision to answer is fitted on.

Each question is drafted twice: as it is, and with its relevant documents hidden, which makes an on-topic question
that the corpus cannot answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eval.metrics.answers import is_right, references, token_f1
from eval.metrics.normalisation import tokens
from eval.suites import Query
from rag.domain import Message
from rag.errors import PinciteError

# Where only long references exist, a draft this close to one in its words counts as right.
_RIGHT_F1 = 0.3


class Draft(Protocol):
    """An answer before the decision to give it, with what the decision rests on."""

    @property
    def text(self) -> str:
        """The drafted answer."""

    @property
    def features(self) -> Mapping[str, float]:
        """The features that go into the decision."""

    @property
    def language(self) -> str:
        """The language of the question: "en" or "zh"."""


class Drafter(Protocol):
    """The part of the assistant that drafts."""

    def draft(
        self, question: str, history: Sequence[Message] = (), *, exclude_documents: frozenset[str] = frozenset()
    ) -> Draft:
        """Draft an answer, with some documents hidden from retrieval."""


@dataclass(frozen=True, slots=True)
class Row:
    """One draft: its features, and whether it is right (``label`` 1) or wrong or unanswerable (0)."""

    suite: str
    query: str
    hidden: bool
    language: str
    label: int
    features: Mapping[str, float]
    text: str


def collect(drafter: Drafter, queries: Sequence[Query], *, workers: int = 1) -> Iterator[list[Row]]:
    """Yield the rows of each query as they come; ``workers`` queries are under way at once."""
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        for future in as_completed([pool.submit(_rows, drafter, query) for query in queries]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def read_rows(path: Path) -> list[Row]:
    """Read rows back from the lines that ``records.to_json_line`` wrote.

    Raises:
        PinciteError: the file holds something else.
    """
    try:
        return [Row(**json.loads(line)) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, ValueError, TypeError) as error:
        raise PinciteError(f"{path} holds no rows of drafts: {error}.", "Name another file for --rows.") from error


def _rows(drafter: Drafter, query: Query) -> list[Row]:
    """Return the row of ``query`` as it is and, where it is answerable, the one with its documents hidden.

    A right draft without the relevant documents comes from elsewhere in the corpus and tells nothing: no row.
    """
    try:
        draft = drafter.draft(query.question, query.history)
        rows = [_row(query, draft, hidden=False, label=int(query.answerable and _is_right(draft.text, query)))]
        if query.answerable and query.relevant:
            draft = drafter.draft(query.question, query.history, exclude_documents=frozenset(query.relevant))
            if not _is_right(draft.text, query):
                rows.append(_row(query, draft, hidden=True, label=0))
    except PinciteError:
        # Turned away (too long a question, say): there is no decision to learn from.
        return []
    return rows


def _row(query: Query, draft: Draft, *, hidden: bool, label: int) -> Row:
    return Row(query.suite, query.id, hidden, draft.language, label, dict(draft.features), draft.text)


def _is_right(text: str, query: Query) -> bool:
    right = is_right(text, query)
    if right is None:
        return any(token_f1(text, reference) >= _RIGHT_F1 for reference in references(query))
    return right or (not query.fake_answers and any(_says_most_of(text, form) for form in query.answers))


def _says_most_of(text: str, form: str) -> bool:
    """Whether ``text`` holds all figures of ``form`` and most of its words, wherever they stand.

    Right answers that are put otherwise, as translations are, must not teach the decision to refuse.
    """
    said, wanted = set(tokens(text)), tokens(form)
    figures = [token for token in wanted if token[0].isdigit()]
    return said.issuperset(figures) and 2 * sum(token in said for token in wanted) > len(wanted)
