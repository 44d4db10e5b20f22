from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from eval.drafts import collect, read_rows
from eval.records import to_json_line
from eval.suites import Query
from rag.domain import Message
from rag.errors import PinciteError, QuestionError


@dataclass(frozen=True)
class FakeDraft:
    text: str
    features: Mapping[str, float]
    language: str = "en"


class FakeDrafter:
    """Says "Yes" while document "a" may be seen, and always to the question "elsewhere"."""

    def draft(
        self, question: str, history: Sequence[Message] = (), *, exclude_documents: frozenset[str] = frozenset()
    ) -> FakeDraft:
        if question == "empty":
            raise QuestionError("The question is empty.")
        known = "a" not in exclude_documents or question == "elsewhere"
        return FakeDraft("Yes." if known else "No.", {"dense": float(known)})


def _rows(question: str, answerable: bool = True, answers: tuple[str, ...] = ("yes",)) -> list[tuple[bool, int]]:
    query = Query("q", question, "en", "set", answerable, relevant=("a",) if answerable else (), answers=answers)
    return [(row.hidden, row.label) for rows in collect(FakeDrafter(), [query]) for row in rows]


def test_each_answerable_question_is_drafted_twice() -> None:
    assert _rows("x") == [(False, 1), (True, 0)]


def test_a_wrong_draft_is_labelled_wrong() -> None:
    assert _rows("x", answers=("maybe",)) == [(False, 0), (True, 0)]


def test_an_unanswerable_question_is_drafted_once() -> None:
    assert _rows("x", answerable=False) == [(False, 0)]


def test_an_answer_that_stands_elsewhere_too_tells_nothing() -> None:
    assert _rows("elsewhere") == [(False, 1)]


def test_a_question_turned_away_gives_no_rows() -> None:
    assert _rows("empty") == []


@pytest.mark.parametrize(
    ("text", "form", "right"),
    [
        ("The engine was steam driven.", "driven by steam", True),
        ("估计有7到10%的医生自己配药。", "7%到10%", True),
        ("It rose 14%.", "16%", False),
        ("It was John Doe.", "John Smith", False),
        ("大约505百万年。", "5.15亿年", False),
    ],
)
def test_an_answer_in_other_words_is_right_when_it_says_most_of_them(text: str, form: str, right: bool) -> None:
    class Saying:
        def draft(
            self, question: str, history: Sequence[Message] = (), *, exclude_documents: frozenset[str] = frozenset()
        ) -> FakeDraft:
            return FakeDraft(text, {})

    [[row]] = collect(Saying(), [Query("q", "x", "en", "set", True, answers=(form,))])
    assert row.label == int(right)


def test_long_references_are_judged_by_closeness() -> None:
    long = "yes " + " ".join(f"w{i}" for i in range(30))
    assert _rows("x", answers=(long,)) == [(False, 0), (True, 0)]


def test_rows_survive_their_file(tmp_path: Path) -> None:
    queries = [Query(f"q{i}", "x", "en", "set", True, relevant=("a",), answers=("yes",)) for i in range(3)]
    rows = [row for found in collect(FakeDrafter(), queries, workers=2) for row in found]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(map(to_json_line, rows)), encoding="utf-8")
    assert read_rows(path) == rows
    path.write_text('{"suite": 1}', encoding="utf-8")
    with pytest.raises(PinciteError, match="no rows of drafts"):
        read_rows(path)
