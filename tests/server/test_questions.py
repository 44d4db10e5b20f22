from __future__ import annotations

import pytest

from rag.settings import AnsweringSettings, Settings
from server.problems import Problem
from server.questions import check_question

SETTINGS = Settings(answering=AnsweringSettings(max_question_characters=20))


@pytest.mark.parametrize("question", ["why?", "为什么", "7", "why" + " " * 100 + "so", "x" * 20])
def test_a_question_with_something_to_read_is_taken(question: str) -> None:
    check_question(question, SETTINGS)


@pytest.mark.parametrize(("question", "slug"), [("", "question-empty"), (" \n", "question-empty"),
    ("?!…😀", "question-empty"), ("x" * 21, "question-too-long")])  # fmt: skip
def test_another_is_not(question: str, slug: str) -> None:
    with pytest.raises(Problem) as refused:
        check_question(question, SETTINGS)
    assert (refused.value.status, refused.value.slug) == (422, slug)
