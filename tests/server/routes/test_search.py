from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient


def search(client: TestClient, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    found: dict[str, Any] = client.post("/v1/search", json=body).json()
    return found


def test_the_best_passage_comes_first_with_its_words_marked(client: TestClient) -> None:
    reply = search(client, query="consumer data of Alibaba")
    assert reply["query"] == "consumer data of Alibaba"
    assert reply["snapshot"] == client.get("/readyz").json()["snapshot"]
    best = reply["hits"][0]
    assert best["passage"]["document_id"] == "apple"
    text = best["passage"]["text"]
    assert {text[mark["start"] : mark["end"]] for mark in best["highlights"]} >= {"consumer", "data", "Alibaba"}
    scores = [hit["score"] for hit in reply["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_chinese_words_are_marked(client: TestClient) -> None:
    best = search(client, query="网信办备案", filters={"language": "zh"})["hits"][0]
    marked = [best["passage"]["text"][mark["start"] : mark["end"]] for mark in best["highlights"]]
    assert "备案" in "".join(marked)


def test_as_many_as_asked_for_and_only_where_asked_for(client: TestClient) -> None:
    assert len(search(client, query="Alibaba", k=1)["hits"]) == 1
    found = search(client, query="Alibaba", filters={"topic": "regulation"})["hits"]
    assert {hit["passage"]["document_id"] for hit in found} == {"zh-guize"}
    assert search(client, query="Alibaba", filters={"topic": "cooking"})["hits"] == []


def test_only_documents_of_the_days_asked_for(client: TestClient) -> None:
    def found(**body: object) -> set[str]:
        return {hit["passage"]["document_id"] for hit in search(client, query="Alibaba 备案", **body)["hits"]}

    assert found() == {"apple", "zh-guize"}
    assert found(to="2023-08-15") == {"zh-guize"}
    assert found(**{"from": "2023-08-16"}) == {"apple"}
    assert found(to="2023-08-14") == set()
    assert found(to="2023-08-15", filters={"id": "apple"}) == set()
    assert found(to="2023-08-15", filters={"id": ["apple", "zh-guize"]}) == {"zh-guize"}
    assert found(to="2023-08-15", filters={"id": "ZH-GUIZE"}) == {"zh-guize"}
    assert found(to="2023-08-15", **{"from": None}) == {"zh-guize"}


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ({"query": "  "}, "question-empty"),
        ({"query": ""}, "invalid-request"),
        ({"query": "x", "k": 0}, "invalid-request"),
        ({"query": "x", "k": 51}, "invalid-request"),
        ({"query": "x" * 4001}, "invalid-request"),
        ({"query": "x", "sort": "date"}, "invalid-request"),
        ({"query": "x", "from": "last week"}, "invalid-request"),
        ({"query": "x", "to": 20240131}, "invalid-request"),
    ],
)
def test_what_cannot_be_searched_is_a_problem(body: dict[str, object], slug: str, client: TestClient) -> None:
    reply = client.post("/v1/search", json=body)
    assert (reply.status_code, reply.json()["type"]) == (422, f"urn:pincite:problem:{slug}")


@pytest.mark.parametrize("query", ["\x00 Alibaba", '"Alibaba" AND (', "a:b^2 ~ * ?", "\u202eAlibaba", "😀"])
def test_a_query_is_words_whatever_it_looks_like(query: str, client: TestClient) -> None:
    assert client.post("/v1/search", json={"query": query}).status_code == 200
