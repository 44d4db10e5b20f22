"""Chats that belong to a conversation, or bring their history along."""

from __future__ import annotations

import uuid

from fastapi.testclient import TestClient

from tests.server.chats import STREAM, ask, begin, events_of, turns_of
from tests.server.stand_ins import QUESTION


def test_streamed_and_whole_are_the_same_json(client: TestClient) -> None:
    conversation, turn = begin(client), uuid.uuid4().hex
    body = {"question": QUESTION, "conversation_id": conversation, "turn_id": turn}
    streamed = events_of(client.post("/v1/chat", json=body, headers=STREAM).text)[-1][2]
    whole = client.post("/v1/chat", json=body).json()
    stored = turns_of(client, conversation)[0]["answer"]
    assert streamed == whole == stored


def test_a_turn_sent_again_gives_the_same_answer_without_the_model(client: TestClient) -> None:
    body = {"conversation_id": begin(client), "turn_id": uuid.uuid4().hex}
    first, second = ask(client, **body), ask(client, **body)
    assert first.json() == second.json()
    assert first.headers["x-turn-id"] == second.headers["x-turn-id"] == body["turn_id"]
    assert first.headers["x-conversation-id"] == body["conversation_id"]
    assert len(turns_of(client, body["conversation_id"])) == 1


def test_a_turn_sent_again_with_another_question_is_a_conflict(client: TestClient) -> None:
    body = {"conversation_id": begin(client), "turn_id": uuid.uuid4().hex}
    ask(client, **body)
    assert ask(client, **body, question="Why not DeepSeek?").status_code == 409
    other = ask(client, conversation_id=begin(client), turn_id=body["turn_id"])
    assert other.status_code == 409


def test_a_follow_up_has_the_history_of_its_conversation(client: TestClient) -> None:
    conversation = begin(client)
    ask(client, conversation_id=conversation)
    follow_up = ask(client, conversation_id=conversation, question="and Huawei?")
    assert follow_up.json()["standalone_question"] == "How did Huawei's smartphone sales change?"
    assert [turn["question"] for turn in turns_of(client, conversation)] == [QUESTION, "and Huawei?"]


def test_a_turn_replaced_goes_with_all_after_it(client: TestClient) -> None:
    conversation = begin(client)
    first = ask(client, conversation_id=conversation).headers["x-turn-id"]
    ask(client, conversation_id=conversation, question="and Huawei?")
    edited = ask(client, conversation_id=conversation, question="and Huawei?", replace_turn=first)
    assert edited.json()["standalone_question"] == "and Huawei?"  # nothing is before it now
    assert [turn["question"] for turn in turns_of(client, conversation)] == ["and Huawei?"]


def test_history_may_come_with_the_request(client: TestClient) -> None:
    history = [{"role": "user", "content": "Why Alibaba?"}, {"role": "assistant", "content": "For its data.[1]"}]
    assert ask(client, question="and Huawei?", history=history).json()["standalone_question"].startswith("How did")


def test_an_unknown_conversation_is_not_found(client: TestClient) -> None:
    assert ask(client, conversation_id="0" * 32).status_code == 404
