from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag.embedding.base import Embedder, Vectors
from server.openai_protocol.vectors import MAX_INPUTS
from tests.server.leaving import leave_when

URL = "/v1/embeddings"
TEXTS = ["Apple chose Alibaba.", "苹果公司选择阿里巴巴。", "Huawei's sales rose."]


def embed(client: TestClient, **request: object) -> dict[str, Any]:
    reply = client.post(URL, json={"model": "pincite", "input": TEXTS} | request)
    assert reply.status_code == 200, reply.text
    told: dict[str, Any] = reply.json()
    return told


def vectors(reply: dict[str, Any]) -> list[Any]:
    return [item["embedding"] for item in reply["data"]]


def test_each_text_gets_the_vector_of_the_embedder(client: TestClient, bag_embedder: Embedder) -> None:
    reply = embed(client)
    assert [(item["index"], item["object"]) for item in reply["data"]] == [(n, "embedding") for n in range(3)]
    assert np.allclose(vectors(reply), bag_embedder.embed_passages(TEXTS))
    tokens = sum(map(bag_embedder.count_tokens, TEXTS))
    assert reply["usage"] == {"prompt_tokens": tokens, "total_tokens": tokens}
    assert (reply["object"], reply["model"]) == ("list", "bag-of-words")


def test_one_text_may_stand_alone(client: TestClient) -> None:
    assert vectors(embed(client, input=TEXTS[0])) == vectors(embed(client, input=TEXTS[:1]))


def test_many_texts_keep_their_order(client: TestClient, bag_embedder: Embedder) -> None:
    texts = [f"Text number {n}" for n in range(MAX_INPUTS)]
    assert np.allclose(vectors(embed(client, input=texts)), bag_embedder.embed_passages(texts))


def test_base64_holds_the_same_floats(client: TestClient) -> None:
    encoded = [
        np.frombuffer(base64.b64decode(text), "<f4") for text in vectors(embed(client, encoding_format="base64"))
    ]
    assert np.array_equal(encoded, np.array(vectors(embed(client)), np.float32))


def test_questions_are_embedded_as_questions(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def backwards(self: Embedder, texts: list[str]) -> Vectors:
        return -self.embed_passages(texts)

    monkeypatch.setattr("rag.embedding.remembering.RememberingEmbedder.embed_queries", backwards)
    assert np.allclose(vectors(embed(client, input_type="query")), -np.array(vectors(embed(client))))


def test_what_the_embedder_has_may_be_asked_for(client: TestClient, bag_embedder: Embedder) -> None:
    asked = {"model": bag_embedder.name, "dimensions": bag_embedder.dimension, "user": "someone", "new": 1}
    assert vectors(embed(client, **asked)) == vectors(embed(client))


def test_what_cannot_be_embedded_is_an_error_that_says_where(client: TestClient, bag_embedder: Embedder) -> None:
    for changes, param in (
        ({"input": [1, 2, 3]}, "input"),
        ({"input": [[1, 2], [3]]}, "input"),
        ({"input": ""}, "input[0]"),
        ({"input": []}, "input"),
        ({"input": ["a"] * (MAX_INPUTS + 1)}, "input"),
        ({"input": ["short", "x" * (bag_embedder.max_tokens + 1)]}, "input[1]"),
        ({"dimensions": 8}, "dimensions"),
        ({"encoding_format": "int8"}, "encoding_format"),
        ({"input_type": "image"}, "input_type"),
    ):
        reply = client.post(URL, json={"model": "pincite", "input": TEXTS} | changes)
        assert reply.status_code == 400, reply.text
        assert reply.json()["error"]["param"] == param


def test_another_model_is_not_found(client: TestClient) -> None:
    reply = client.post(URL, json={"model": "text-embedding-3-small", "input": "a"})
    assert reply.status_code == 404
    assert "bag-of-words" in reply.json()["error"]["message"]


def test_a_client_that_goes_away_stops_the_work(
    app_of: Callable[..., FastAPI],
    live: Callable[[FastAPI], str],
    eventually: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = app_of()
    url = live(app)
    batches: list[int] = []

    def slowly(texts: list[str]) -> Vectors:
        batches.append(len(texts))
        eventually(lambda: gone)
        return np.zeros((len(texts), 256), np.float32)

    gone = False
    monkeypatch.setattr(app.state.engine.assistant.embedder, "embed_passages", slowly)
    leave_when(lambda: batches, url + URL, {"model": "pincite", "input": ["a"] * 64})
    gone = True
    eventually(lambda: 'status="499"' in httpx.get(f"{url}/metrics").text)
    assert len(batches) == 1
