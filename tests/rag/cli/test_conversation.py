"""The chat's lines, over an assistant that is a stand-in; test_chat.py holds a real conversation."""

import io
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from rag import Concluded, Drafted, Found, Message, Understood
from rag.cli.conversation import Conversation
from rag.domain import (
    Answer,
    AnswerSentence,
    Citation,
    DocumentReference,
    Hit,
    ModelInfo,
    Passage,
    Sufficiency,
    Timings,
    Usage,
)
from rag.errors import QuestionError

TEXT = "Before it. Sales rose 42%. After it."


def answer_to(question: str) -> Answer:
    reference = DocumentReference("doc", "Figures", "doc.md", "en", "v" * 64)
    citation = Citation(1, reference, "p", 11, 26, "Sales rose 42%.", (), None, 0.9)
    sentence = AnswerSentence("Sales rose 42%.", 0, 15, "supported", 0.9, (1,))
    decision = Sufficiency(0.9, 0.9, 0.5, {"states_answer": 2.0})
    return Answer(
        "1", question, question, "en", "answered", "Sales rose 42%.[1]", (sentence,), (citation,), 0.9, "s",
        ModelInfo("m", "", "fake"), Usage(), Timings(total=5), sufficiency=decision,
    )  # fmt: skip


class StandIn:
    def __init__(self) -> None:
        self.histories: list[Sequence[Message]] = []
        self.closed = False
        document = SimpleNamespace(title="Figures", path="doc.md", text=TEXT)
        self.snapshot = SimpleNamespace(store=SimpleNamespace(document=lambda _: document))

    def stream(self, question: str, history: Sequence[Message], filters: object) -> Iterator[Any]:
        if question == "bad":
            raise QuestionError("The question is empty.", "Ask in words.")
        self.histories.append(list(history))
        try:
            yield Understood(question)
            yield Found((Hit(Passage("p", "doc", "Figures", 0, 36, TEXT, "en"), 1.0, 0.9),), ())
            yield Drafted("Sales")
            if question == "twice?":
                yield Found((), ())
                yield Drafted("Growth")
            if question == "stop me":
                raise KeyboardInterrupt
            yield Concluded(answer_to(question))
        finally:
            self.closed = True


@pytest.fixture
def talk() -> Any:  # noqa: ANN401
    def run(*lines: str) -> tuple[str, StandIn]:
        console = Console(file=io.StringIO(), width=120, force_terminal=False)
        assistant = StandIn()
        waiting = iter(lines)

        def read_line() -> str:
            try:
                return next(waiting)
            except StopIteration:
                raise EOFError from None

        Conversation(assistant, {}, console).run(read_line)  # type: ignore[arg-type]
        assert isinstance(console.file, io.StringIO)
        return console.file.getvalue(), assistant

    return run


def test_an_answer_and_its_history(talk: Any) -> None:  # noqa: ANN401
    text, assistant = talk("How?", "", "and now?")
    assert text.count("Sales rose 42%. ●[1]") == 2
    assert [len(history) for history in assistant.histories] == [0, 2]


def test_a_draft_that_did_not_hold_is_not_shown_with_the_next() -> None:
    console = Console(file=io.StringIO(), width=120, force_terminal=True)
    Conversation(StandIn(), {}, console).take("twice?")  # type: ignore[arg-type]
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "… Growth" in shown
    assert "SalesGrowth" not in shown


def test_new_forgets(talk: Any) -> None:  # noqa: ANN401
    _, assistant = talk("How?", "/new", "and now?")
    assert [len(history) for history in assistant.histories] == [0, 0]


def test_sources_show_the_sentence_in_its_place(talk: Any) -> None:  # noqa: ANN401
    text, _ = talk("How?", "/sources 1", "/sources 7")
    assert "Figures · doc.md · 11–26" in text
    assert "Before it. Sales rose 42%. After it." in text
    assert "Write /sources N" in text


def test_why_shows_scores(talk: Any) -> None:  # noqa: ANN401
    text, _ = talk("/why", "How?", "/why")
    assert "Ask something first." in text
    assert "threshold" in text


def test_an_interrupt_stops_the_answer_not_the_program(talk: Any) -> None:  # noqa: ANN401
    text, assistant = talk("stop me", "How?")
    assert "Stopped." in text
    assert assistant.closed
    assert "Sales rose 42%. ●[1]" in text
    assert [len(history) for history in assistant.histories] == [0, 0]


def test_errors_and_unknown_commands_are_a_line(talk: Any) -> None:  # noqa: ANN401
    text, _ = talk("bad", "/nonsense", "/help", "/quit", "never read")
    assert "The question is empty. Ask in words." in text
    assert "There is no command /nonsense" in text
    assert "/sources N" in text
