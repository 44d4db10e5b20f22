from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from eval.records import Record
from eval.runner import Stage, ask_all
from eval.suites import Query
from rag.domain import Answer, Hit, Message
from rag.errors import QuestionError


class FakeAssistant:
    """Finds document "a" for everything and answers with the question; turns away empty questions."""

    def __init__(self, answer: Callable[..., Answer], hit: Callable[[str], Hit], parties: int = 1) -> None:
        self._answer, self._hit = answer, hit
        self._barrier = threading.Barrier(parties)
        self.calls: list[tuple[object, ...]] = []

    def ask(self, question: str, history: Sequence[Message] = ()) -> Answer:
        if question == "empty":
            raise QuestionError("The question is empty.")
        self._barrier.wait(timeout=5)
        self.calls.append(("ask", question, tuple(history)))
        return replace(self._answer(question), standalone_question=question.upper())

    def retrieve(
        self, question: str, history: Sequence[Message] = (), *, k: int | None = None
    ) -> tuple[str, Sequence[Hit]]:
        if question == "empty":
            raise QuestionError("The question is empty.")
        self.calls.append(("retrieve", question, tuple(history), k))
        return question.upper(), [self._hit("a")]

    def read(self, question: str, document_ids: Sequence[str], history: Sequence[Message] = ()) -> Answer:
        self.calls.append(("read", question, tuple(document_ids)))
        return self._answer(question)


@pytest.fixture
def queries() -> list[Query]:
    return [Query(f"q{i}", f"question {i}", "en", "set", True, relevant=("a",)) for i in range(4)]


def test_answer_stage(queries: list[Query], answer: Callable[..., Answer], hit: Callable[[str], Hit]) -> None:
    seen: list[Record] = []
    records = ask_all(FakeAssistant(answer, hit), queries, Stage.ANSWER, done=seen.append)
    assert [record.query for record in records] == queries
    assert {record.query.id for record in seen} == {query.id for query in queries}
    assert records[1].answer_text == "question 1"
    assert (records[1].ranking, records[1].standalone) == (("a",), "QUESTION 1")


def test_workers_ask_at_the_same_time(
    queries: list[Query], answer: Callable[..., Answer], hit: Callable[[str], Hit]
) -> None:
    # The barrier opens only when two questions are in the assistant together.
    records = ask_all(FakeAssistant(answer, hit, parties=2), queries, Stage.ANSWER, workers=2)
    assert [record.query for record in records] == queries


def test_retrieval_stage_generates_nothing(
    queries: list[Query], answer: Callable[..., Answer], hit: Callable[[str], Hit]
) -> None:
    assistant = FakeAssistant(answer, hit)
    records = ask_all(assistant, queries[:1], Stage.RETRIEVAL)
    assert records[0].answer is None
    assert [call[0] for call in assistant.calls] == ["retrieve"]


def test_reader_reads_the_context_else_the_relevant_else_the_near_misses(
    answer: Callable[..., Answer], hit: Callable[[str], Hit]
) -> None:
    queries = [
        Query("1", "?", "en", "set", True, relevant=("r",), context=("c",)),
        Query("2", "?", "en", "set", True, relevant=("r",)),
        Query("3", "?", "en", "set", False, hard_negatives=("n",)),
        Query("4", "?", "en", "set", False),
    ]
    assistant = FakeAssistant(answer, hit)
    records = ask_all(assistant, queries, Stage.READER)
    assert [record.query.id for record in records] == ["1", "2", "3"]
    assert [call[2] for call in assistant.calls] == [("c",), ("r",), ("n",)]


def test_a_question_turned_away_is_kept_with_its_reason(
    queries: list[Query], answer: Callable[..., Answer], hit: Callable[[str], Hit]
) -> None:
    turned_away = Query("e", "empty", "en", "set", True, relevant=("a",))
    records = ask_all(FakeAssistant(answer, hit), [*queries, turned_away], Stage.ANSWER)
    assert records[-1].error == "The question is empty."
    assert records[-1].answer is None


def test_a_fault_in_the_program_is_not_hidden(queries: list[Query], answer: Callable[..., Answer]) -> None:
    def broken(document: str) -> Hit:
        raise ZeroDivisionError(document)

    with pytest.raises(ZeroDivisionError):
        ask_all(FakeAssistant(answer, broken), queries, Stage.RETRIEVAL)
