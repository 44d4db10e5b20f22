from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from rag import Settings, curate
from rag.embedding.base import Embedder


def found(client: TestClient, **query: Any) -> list[str]:  # noqa: ANN401 - any query
    reply = client.get("/v1/documents", params=query)
    assert reply.status_code == 200, reply.text
    return [document["id"] for document in reply.json()["documents"]]


def test_documents_are_listed_without_their_texts(client: TestClient) -> None:
    reply = client.get("/v1/documents").json()
    assert reply["total"] == 2
    assert reply["snapshot"] == client.get("/readyz").json()["snapshot"]
    apple = reply["documents"][0]
    assert apple | {"version": "", "metadata": {}} == {
        "id": "apple",
        "title": "Apple and Alibaba",
        "path": "apple.md",
        "language": "en",
        "format": "markdown",
        "version": "",
        "topic": "partnership",
        "date": "2025-02-12",
        "metadata": {},
        "characters": 202,
    }
    assert "text" not in apple


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({}, ["apple", "zh-guize"]),
        ({"language": "zh"}, ["zh-guize"]),
        ({"topic": "Partnership"}, ["apple"]),
        ({"from": "2024-01-01"}, ["apple"]),
        ({"to": "2023-08-15"}, ["zh-guize"]),
        ({"from": "2023-08-15", "to": "2025-02-12"}, ["apple", "zh-guize"]),
        ({"q": "HUAWEI sales"}, ["apple"]),
        ({"q": "备案"}, ["zh-guize"]),
        ({"q": "guize.md"}, ["zh-guize"]),
        ({"q": "nothing of the kind"}, []),
        ({"limit": 1}, ["apple"]),
        ({"limit": 1, "offset": 1}, ["zh-guize"]),
        ({"offset": 9}, []),
    ],
)
def test_conditions_narrow_the_list(query: dict[str, Any], ids: list[str], client: TestClient) -> None:
    assert found(client, **query) == ids


@pytest.mark.parametrize(
    "query",
    [
        {"language": "fr"},
        {"from": "yesterday"},
        {"to": "0"},
        {"to": "2024-13-01"},
        {"limit": 0},
        {"limit": 501},
        {"offset": -1},
    ],
)
def test_a_condition_that_makes_no_sense_is_a_problem(query: dict[str, Any], client: TestClient) -> None:
    assert client.get("/v1/documents", params=query).status_code == 422


def test_a_document_has_its_text_and_headings(client: TestClient) -> None:
    document = client.get("/v1/documents/apple").json()
    assert document["current"] is True
    assert [heading["title"] for heading in document["headings"]] == ["Apple and Alibaba", "Figures"]
    for heading in document["headings"]:
        assert document["text"][heading["start"] : heading["end"]] == heading["title"]
    assert document["characters"] == len(document["text"])


def test_an_old_version_stays_readable(settings: Settings, client: TestClient, bag_embedder: Embedder,
    eventually: Callable[..., None]) -> None:  # fmt: skip
    old = client.get("/v1/documents/apple").json()
    path = settings.corpus_dir / "apple.md"
    path.write_text(path.read_text("utf-8").replace("42%", "43%"), encoding="utf-8")
    curate(settings, open_embedder=lambda _: bag_embedder)
    eventually(lambda: client.get("/v1/documents/apple").json()["version"] != old["version"])
    again = client.get("/v1/documents/apple", params={"version": old["version"]}).json()
    assert again == old | {"current": False}


@pytest.mark.parametrize("path", ["/v1/documents/none", "/v1/documents/apple?version=0000", "/v1/documents/%00"])
def test_what_is_not_there_is_not_found(path: str, client: TestClient) -> None:
    assert client.get(path).status_code == 404


def test_an_id_may_be_a_path(settings: Settings, client: TestClient, bag_embedder: Embedder,
    eventually: Callable[..., None]) -> None:  # fmt: skip
    (settings.corpus_dir / "folder").mkdir()
    (settings.corpus_dir / "folder" / "bare.md").write_text("# Bare\n\nNothing.\n", encoding="utf-8")
    curate(settings, open_embedder=lambda _: bag_embedder)
    eventually(lambda: found(client) == ["apple", "folder/bare.md", "zh-guize"])
    for path in ("/v1/documents/folder/bare.md", "/v1/documents/folder%2Fbare.md"):
        assert client.get(path).json()["title"] == "Bare"
