from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event

from server.store.base import Conversation, NewFeedback, TurnTaken, UnknownConversation
from server.store.database import Database
from tests.server.answers import answer_of

OWNER = "owner"


def _new_id() -> str:
    return uuid.uuid4().hex


def _ask(database: Database, conversation_id: str, question: str = "Why?") -> tuple[str, str]:
    """Add an answered turn; return its id and its answer's."""
    turn_id, answer = _new_id(), answer_of(question=question)
    database.conversations.begin_turn(OWNER, conversation_id, turn_id, question)
    database.conversations.finish_turn(turn_id, answer)
    return turn_id, answer.id


def _read(database: Database, conversation_id: str) -> Conversation:
    conversation = database.conversations.get(OWNER, conversation_id)
    assert conversation is not None
    return conversation


@contextmanager
def _statements() -> Iterator[list[str]]:
    """Collects the statements that are sent."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_a_new_conversation_is_empty(database: Database) -> None:
    before = datetime.now(UTC)
    summary = database.conversations.create(OWNER, "Partners")
    assert (summary.title, summary.turns) == ("Partners", 0)
    assert before <= summary.created == summary.updated <= datetime.now(UTC)
    assert database.conversations.list(OWNER) == [summary]
    assert _read(database, summary.id) == Conversation(
        summary.id, "Partners", summary.created, summary.updated, turns=()
    )


def test_turns_come_back_in_order_with_their_answers(database: Database) -> None:
    conversation = database.conversations.create(OWNER)
    asked = [_ask(database, conversation.id, f"Question {n}?") for n in range(5)]
    unanswered = database.conversations.begin_turn(OWNER, conversation.id, _new_id(), "And then?")
    turns = _read(database, conversation.id).turns
    assert [(turn.id, turn.answer and turn.answer.id) for turn in turns] == [*asked, (unanswered.id, None)]
    assert [turn.question for turn in turns] == [*(f"Question {n}?" for n in range(5)), "And then?"]
    assert all(turn.answered is None or turn.asked <= turn.answered for turn in turns)
    assert turns[-1] == unanswered


def test_the_one_that_changed_last_comes_first(database: Database) -> None:
    first, second, third = (database.conversations.create(OWNER, title) for title in ("1", "2", "3"))
    assert [s.title for s in database.conversations.list(OWNER)] == ["3", "2", "1"]
    _ask(database, first.id)
    database.conversations.rename(OWNER, second.id, "2 again")
    listed = database.conversations.list(OWNER)
    assert [(s.title, s.turns) for s in listed] == [("2 again", 0), ("1", 1), ("3", 0)]
    assert third.id == listed[-1].id


def test_a_long_list_is_read_in_pages(database: Database) -> None:
    made = [database.conversations.create(OWNER, str(n)) for n in range(7)]
    read: list[str] = []
    before = None
    while page := database.conversations.list(OWNER, limit=3, before=before):
        read += [summary.id for summary in page]
        before = page[-1].updated
    assert read == [summary.id for summary in reversed(made)]


def test_listing_and_reading_take_the_same_few_statements_however_much_there_is(database: Database) -> None:
    counts: list[int] = []
    for _ in range(2):
        for _ in range(5):
            conversation = database.conversations.create(OWNER)
            _ask(database, conversation.id)
        for _ in range(len(counts) * 5):
            _ask(database, conversation.id)
        with _statements() as sent:
            database.conversations.list(OWNER)
            database.conversations.get(OWNER, conversation.id)
        counts.append(len(sent))
    assert counts == [3, 3]


def test_the_first_question_titles_an_untitled_conversation(database: Database) -> None:
    untitled, titled = database.conversations.create(OWNER), database.conversations.create(OWNER, "Mine")
    for conversation in (untitled, titled):
        _ask(database, conversation.id, "  Why did\nApple choose Alibaba?" + " And what then?" * 20)
        _ask(database, conversation.id, "Another question")
    title = _read(database, untitled.id).title
    assert title.startswith("Why did Apple choose Alibaba? And what then?")
    assert len(title) == 80
    assert _read(database, titled.id).title == "Mine"


def test_another_owners_conversation_is_not_there(database: Database) -> None:
    conversation = database.conversations.create(OWNER, "Mine")
    turn_id, _ = _ask(database, conversation.id)
    untouched = _read(database, conversation.id)
    others = database.conversations
    assert others.list("other") == []
    assert others.get("other", conversation.id) is None
    assert not others.rename("other", conversation.id, "Theirs")
    assert not others.delete("other", conversation.id)
    with pytest.raises(UnknownConversation):
        others.begin_turn("other", conversation.id, _new_id(), "What?")
    with pytest.raises(UnknownConversation):
        others.begin_turn("other", conversation.id, turn_id, "Why?")
    with pytest.raises(UnknownConversation):
        others.drop_turns_from("other", conversation.id, turn_id)
    assert _read(database, conversation.id) == untouched


def test_an_unknown_conversation_is_not_there(database: Database) -> None:
    for unknown in (_new_id(), "", "\0", "' OR 1=1 --"):
        assert database.conversations.get(OWNER, unknown) is None
        assert not database.conversations.rename(OWNER, unknown, "x")
        assert not database.conversations.delete(OWNER, unknown)


def test_a_turn_sent_again_is_the_same_turn(database: Database) -> None:
    conversation = database.conversations.create(OWNER)
    begun = database.conversations.begin_turn(OWNER, conversation.id, "a" * 32, "Why?")
    assert database.conversations.begin_turn(OWNER, conversation.id, "a" * 32, "Why?") == begun
    database.conversations.finish_turn("a" * 32, answer_of())
    again = database.conversations.begin_turn(OWNER, conversation.id, "a" * 32, "Why?")
    assert again.answer is not None
    assert _read(database, conversation.id).turns == (again,)


def test_a_turn_of_another_conversation_is_taken(database: Database) -> None:
    mine, theirs = database.conversations.create(OWNER), database.conversations.create("other")
    turn_id, _ = _ask(database, mine.id)
    with pytest.raises(TurnTaken):
        database.conversations.begin_turn("other", theirs.id, turn_id, "Why?")
    assert database.conversations.get("other", theirs.id) == Conversation(
        theirs.id, "", theirs.created, theirs.updated, turns=()
    )


def test_turns_begun_at_once_all_find_their_place(database: Database) -> None:
    conversation = database.conversations.create(OWNER)
    ids = [_new_id() for _ in range(8)]

    def begin(turn_id: str) -> None:
        database.conversations.begin_turn(OWNER, conversation.id, turn_id, turn_id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(begin, ids * 2))
    assert sorted(turn.id for turn in _read(database, conversation.id).turns) == sorted(ids)


def test_the_first_answer_to_a_turn_stays(database: Database) -> None:
    conversation = database.conversations.create(OWNER)
    turn_id, answer_id = _ask(database, conversation.id)
    database.conversations.finish_turn(turn_id, answer_of())
    assert [turn.answer and turn.answer.id for turn in _read(database, conversation.id).turns] == [answer_id]


def test_an_answer_to_a_dropped_turn_goes_nowhere(database: Database) -> None:
    conversation = database.conversations.create(OWNER)
    database.conversations.begin_turn(OWNER, conversation.id, "a" * 32, "Why?")
    database.conversations.drop_turns_from(OWNER, conversation.id, "a" * 32)
    answer = answer_of()
    database.conversations.finish_turn("a" * 32, answer)
    assert _read(database, conversation.id).turns == ()
    assert database.answers.get(OWNER, answer.id) is None


def test_finishing_and_dropping_at_once_leave_nothing_behind(database: Database) -> None:
    conversation = database.conversations.create(OWNER)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(15):
            turn_id, answer = _new_id(), answer_of()
            database.conversations.begin_turn(OWNER, conversation.id, turn_id, "Why?")
            finished = pool.submit(database.conversations.finish_turn, turn_id, answer)
            dropped = pool.submit(database.conversations.drop_turns_from, OWNER, conversation.id, turn_id)
            assert [finished.result(), dropped.result()] == [None, None]
            assert database.answers.get(OWNER, answer.id) is None
    assert _read(database, conversation.id).turns == ()


def test_dropping_takes_a_turn_and_all_after_it(database: Database) -> None:
    conversation = database.conversations.create(OWNER)
    asked = [_ask(database, conversation.id) for _ in range(4)]
    database.conversations.drop_turns_from(OWNER, conversation.id, asked[2][0])
    database.conversations.drop_turns_from(OWNER, conversation.id, asked[2][0])
    resent = _ask(database, conversation.id)
    assert [turn.id for turn in _read(database, conversation.id).turns] == [asked[0][0], asked[1][0], resent[0]]
    assert [database.answers.get(OWNER, answer) is None for _, answer in asked] == [False, False, True, True]


def test_a_deleted_conversation_takes_its_answers_along_except_rated_ones(database: Database) -> None:
    conversation, other = database.conversations.create(OWNER), database.conversations.create(OWNER)
    (_, plain), (_, rated), (_, kept) = (_ask(database, c.id) for c in (conversation, conversation, other))
    database.feedback.add(OWNER, NewFeedback(rated, "down"))
    assert database.conversations.delete(OWNER, conversation.id)
    assert not database.conversations.delete(OWNER, conversation.id)
    assert [s.id for s in database.conversations.list(OWNER)] == [other.id]
    assert database.answers.get(OWNER, plain) is None
    assert database.answers.get(OWNER, kept) is not None
    assert [answer.id for _, answer in database.feedback.all()] == [rated]


def test_any_text_is_kept(database: Database) -> None:
    text = "<script>alert(1)</script> \u202e '; DROP TABLE turns; -- 苹果 🍏 \x1b[31m"
    conversation = database.conversations.create(OWNER, text)
    database.conversations.begin_turn(OWNER, conversation.id, _new_id(), text + "\0")
    stored = _read(database, conversation.id)
    assert stored.title == text
    assert stored.turns[0].question == text + "\ufffd"
