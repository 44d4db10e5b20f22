from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from rag.domain import Answer
from server.store.database import Database
from tests.server.answers import ANSWERS, answer_of

# The database is one for all examples: they have ids of their own.
_SHARED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_SHARED
@given(answer=ANSWERS)
def test_what_is_read_equals_what_was_saved(database: Database, answer: Answer) -> None:
    database.answers.save("owner", answer)
    assert database.answers.get("owner", answer.id) == answer


@_SHARED
@given(answer=ANSWERS)
def test_the_answer_of_a_turn_equals_what_finished_it(database: Database, answer: Answer) -> None:
    conversation = database.conversations.create("owner", "a title")
    database.conversations.begin_turn("owner", conversation.id, answer.id, "question")
    database.conversations.finish_turn(answer.id, answer)
    stored = database.conversations.get("owner", conversation.id)
    assert stored is not None
    assert [turn.answer for turn in stored.turns] == [answer]


def test_an_answer_is_its_owners_alone(database: Database) -> None:
    answer = answer_of()
    database.answers.save("owner", answer)
    assert database.answers.get("other", answer.id) is None


def test_an_unknown_answer_is_none(database: Database) -> None:
    assert database.answers.get("owner", "no\0such\x1bid") is None


def test_what_was_saved_first_stays(database: Database) -> None:
    first = answer_of(question="first")
    database.answers.save("owner", first)
    database.answers.save("other", first)
    assert database.answers.get("owner", first.id) == first
    assert database.answers.get("other", first.id) is None
