from __future__ import annotations

from eval.bench.questions import varied_questions
from eval.suites import load_own_pairs
from rag.language import detect_language


def test_the_questions_stand_alone_and_are_of_both_languages() -> None:
    own = load_own_pairs()
    questions = varied_questions(own, 8)
    assert len(set(questions)) == len(questions)
    assert {detect_language(question) for question in questions} == {"en", "zh"}
    assert not {query.question for query in own.queries if query.history} & set(questions)
    assert questions == varied_questions(own, 8)
