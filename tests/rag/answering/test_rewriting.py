from collections.abc import Callable
from typing import Any, Literal

import pytest

from rag.answering.rewriting import leans_on_history, rewrite
from rag.domain import Message

HISTORY = [
    Message("user", "How much did Apple's revenue in Greater China fall?"),
    Message("assistant", "It fell 11.1%.[1]"),
]


@pytest.mark.parametrize(
    ("question", "language", "leans"),
    [
        ("and globally?", "en", True),
        ("Why did it choose them?", "en", True),
        ("What about Huawei's sales in the same quarter?", "en", True),
        ("Which law governs algorithm filing in mainland China?", "en", False),
        ("那华为呢？", "zh", True),
        ("它的参数量是多少？", "zh", True),
        ("《个人信息保护法》什么时候施行？", "zh", False),
    ],
)
def test_which_questions_lean_on_the_history(question: str, language: Literal["en", "zh"], leans: bool) -> None:
    assert leans_on_history(question, language) is leans


def test_a_question_that_stands_alone_costs_nothing(scripted: Callable[..., Any]) -> None:
    generator = scripted([])
    question = "Which law governs algorithm filing in mainland China?"
    assert rewrite(question, HISTORY, "en", generator)[0] == question
    assert rewrite("and globally?", [], "en", generator)[0] == "and globally?"
    assert generator.asked == []


def test_the_model_sees_the_turns_without_markers(scripted: Callable[..., Any]) -> None:
    generator = scripted(["How did Apple's global revenue change?"])
    rewritten, usage = rewrite("and globally?", HISTORY, "en", generator)
    assert rewritten == "How did Apple's global revenue change?"
    assert usage.completion_tokens > 0
    assert "A: It fell 11.1%.\nLast question: and globally?" in generator.asked[0][-1].content


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Apple? Globally? " * 100,
        "How much did Apple's revenue in Greater China fall?",
        "How did Apple's revenue change?",  # lost a word of the question
        "Apple's global revenue grew.",  # answers
        "How did Apple's revenue change globally in 2023?",  # no one spoke of 2023
    ],
)
def test_a_useless_reply_gives_way_to_both_questions(scripted: Callable[..., Any], reply: str) -> None:
    rewritten, _ = rewrite("and globally?", HISTORY, "en", scripted([reply]))
    assert rewritten == "How much did Apple's revenue in Greater China fall? and globally?"


def test_a_follow_up_in_the_other_language_is_rewritten_in_its_own(scripted: Callable[..., Any]) -> None:
    history = [Message("user", "苹果在大中华区的收入下降了多少？"), Message("assistant", "下降了11.1%。[1]")]
    generator = scripted(["How much did Apple's revenue change globally?"])
    rewritten, _ = rewrite("and globally?", history, "en", generator)
    assert rewritten == "How much did Apple's revenue change globally?"
    assert "奥斯陆" in generator.asked[0][1].content, "the worked examples change the language too"
