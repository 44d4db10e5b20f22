from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest

from server.store.base import NewFeedback, UnknownAnswer
from server.store.database import Database
from tests.server.answers import answer_of


def _kept(database: Database) -> list[tuple[str, str, int | None, str, str]]:
    return [(f.rating, f.target, f.index, f.reason, f.comment) for f, _ in database.feedback.all()]


def test_feedback_comes_back_with_its_answer_oldest_first(database: Database) -> None:
    first, second = answer_of(question="1"), answer_of(question="2")
    for answer in (first, second):
        database.answers.save("owner", answer)
    complaint = NewFeedback(second.id, "down", "citation", 1, "wrong_citation", "Another year \U0001f34f")
    ids = [database.feedback.add("owner", complaint), database.feedback.add("owner", NewFeedback(first.id, "up"))]
    stored = list(database.feedback.all())
    assert [(feedback.id, answer) for feedback, answer in stored] == list(zip(ids, (second, first), strict=True))
    feedback = stored[0][0]
    assert feedback.owner == "owner"
    assert feedback.created.utcoffset() is not None
    assert asdict(complaint).items() <= asdict(feedback).items()


def test_only_ones_own_answers_can_be_rated(database: Database) -> None:
    answer = answer_of()
    database.answers.save("owner", answer)
    for owner, answer_id in (("other", answer.id), ("owner", "0" * 32)):
        with pytest.raises(UnknownAnswer):
            database.feedback.add(owner, NewFeedback(answer_id, "down"))
    assert list(database.feedback.all()) == []


def test_a_second_opinion_replaces_the_first_on_the_same_part(database: Database) -> None:
    answer = answer_of()
    database.answers.save("owner", answer)
    for opinion in (
        NewFeedback(answer.id, "up"),
        NewFeedback(answer.id, "down", "sentence", 0),
        NewFeedback(answer.id, "down", "sentence", 1),
        NewFeedback(answer.id, "down", comment="no"),
        NewFeedback(answer.id, "up", "sentence", 0),
    ):
        database.feedback.add("owner", opinion)
    assert _kept(database) == [
        ("down", "sentence", 1, "", ""),
        ("down", "answer", None, "", "no"),
        ("up", "sentence", 0, "", ""),
    ]


def test_opinions_given_at_once_leave_one(database: Database) -> None:
    answer = answer_of()
    database.answers.save("owner", answer)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: database.feedback.add("owner", NewFeedback(answer.id, "up", comment=str(n))), range(8)))
    assert len(_kept(database)) == 1


def test_all_feedback_is_read_however_much_there_is(database: Database) -> None:
    answer = answer_of()
    database.answers.save("owner", answer)
    for place in range(120):
        database.feedback.add("owner", NewFeedback(answer.id, "down", "sentence", place))
    assert [index for _, _, index, _, _ in _kept(database)] == list(range(120))
