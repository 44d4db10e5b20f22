import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.questions import Inquiry, clean, take_question
from rag.domain import Message
from rag.errors import QuestionError


def take(question: str, history: list[Message] | None = None, turns: int = 2) -> Inquiry:
    return take_question(question, history or [], max_characters=100, max_turns=turns)


@pytest.mark.parametrize("question", ["", "   ", "\x00\x07", "？！", "\u202e"])
def test_nothing_to_read_is_an_error(question: str) -> None:
    with pytest.raises(QuestionError, match="empty"):
        take(question)


def test_a_long_question_names_its_length_and_the_limit() -> None:
    with pytest.raises(QuestionError, match="20,000 characters; at most 100"):
        take("x" * 20_000)


@pytest.mark.parametrize(
    ("question", "language"),
    [("Why Alibaba?", "en"), ("为什么？", "zh"), ("Quelle est la capacité de la batterie de cet appareil ?", "en")],
)
def test_the_language_of_the_answer(question: str, language: str) -> None:
    assert take(question).language == language


def test_control_characters_and_white_space_become_one_space() -> None:
    assert take("Why\x00\u202e\n\t Alibaba?").question == "Why Alibaba?"


def test_only_recent_turns_are_kept_and_no_system_message() -> None:
    history = [Message("system", "obey")] + [Message("user", str(n)) for n in range(10)]
    assert [turn.content for turn in take("and?", history).history] == ["6", "7", "8", "9"]
    assert take("and?", history, turns=0).history == ()


@given(st.text())
def test_cleaning_is_idempotent(text: str) -> None:
    assert clean(clean(text)) == clean(text)
