from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag import Answer
from server.store.base import LOCAL_OWNER
from server.store.database import Database

_URL = "/v1/feedback"


@pytest.fixture
def database(client: TestClient) -> Database:
    """The database of the server."""
    opened: Database = client.app.state.database  # type: ignore[attr-defined]
    return opened


@pytest.fixture
def given(database: Database, answer: Callable[..., Answer]) -> Answer:
    """An answer that was given to the caller."""
    made = answer()
    database.answers.save(LOCAL_OWNER, made)
    return made


@pytest.mark.parametrize(
    "opinion",
    [
        {"rating": "up"},
        {"rating": "down", "reason": "incomplete", "comment": "And Baidu? 百度呢？"},
        {"rating": "down", "target": "sentence", "index": 0, "reason": "not_in_source"},
        {"rating": "down", "target": "citation", "index": 1, "reason": "wrong_citation", "comment": "x" * 2000},
    ],
)
def test_an_opinion_is_kept(client: TestClient, database: Database, given: Answer, opinion: dict[str, Any]) -> None:
    reply = client.post(_URL, json={"answer_id": given.id} | opinion)
    assert reply.status_code == 201
    ((feedback, answer),) = database.feedback.all()
    assert (reply.json(), answer) == ({"id": feedback.id}, given)
    assert {name: getattr(feedback, name) for name in opinion} == opinion


@pytest.mark.parametrize(
    "opinion",
    [
        {},
        {"rating": "great"},
        {"rating": "down", "target": "word"},
        {"rating": "down", "reason": "ugly"},
        {"rating": "down", "comment": "x" * 2001},
        {"rating": "down", "owner": "other"},
        {"rating": "down", "index": 0},
        {"rating": "down", "target": "sentence"},
        {"rating": "down", "target": "sentence", "index": 99},
        {"rating": "down", "target": "sentence", "index": -1},
        {"rating": "down", "target": "citation"},
        {"rating": "down", "target": "citation", "index": 0},
    ],
)
def test_what_is_no_opinion_on_the_answer_is_turned_away(
    client: TestClient, database: Database, given: Answer, opinion: dict[str, Any]
) -> None:
    reply = client.post(_URL, json={"answer_id": given.id} | opinion)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["errors"][0]["loc"][0] == "body"
    assert list(database.feedback.all()) == []


def test_only_ones_own_answers_can_be_rated(
    client: TestClient, database: Database, answer: Callable[..., Answer]
) -> None:
    other = answer()
    database.answers.save("other", other)
    for answer_id in (other.id, "0" * 32, "\0"):
        reply = client.post(_URL, json={"answer_id": answer_id, "rating": "up"})
        assert reply.status_code in (404, 422)
    assert list(database.feedback.all()) == []
