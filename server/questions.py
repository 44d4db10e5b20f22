"""Questions that cannot be taken, told before anything is done for them."""

from __future__ import annotations

from rag.settings import Settings
from server.problems import Problem


def check_question(question: str, settings: Settings) -> None:
    """Turn away a question that the assistant would turn away.

    Raises:
        Problem: ``question-empty`` or ``question-too-long``.
    """
    limit = settings.answering.max_question_characters
    is_empty = not any(character.isalnum() for character in question)
    if is_empty or len(" ".join(question.split())) > limit:
        raise question_problem(question, settings)


def question_problem(question: str, settings: Settings) -> Problem:
    """Return the problem with a question that the assistant turned away."""
    if any(character.isalnum() for character in question):
        return Problem(422, "question-too-long", extra={"limit": settings.answering.max_question_characters})
    return Problem(422, "question-empty")
