from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.server.openai_bodies import URL, body


@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_done_is_an_error_that_says_where(client: TestClient, stream: bool) -> None:
    image = [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]
    for asked, param in ((body(n=2), "n"), (body(image), "messages[0].content"), (body("…"), None), ([], None)):
        reply = client.post(URL, json=asked | {"stream": stream} if isinstance(asked, dict) else asked)
        assert reply.status_code == 400, reply.text
        error = reply.json()["error"]
        assert error.keys() == {"message", "type", "param", "code"}
        assert error["type"] == "invalid_request_error"
        assert error["param"] == param


def test_a_question_that_is_too_long_is_an_error(client: TestClient) -> None:
    error = client.post(URL, json=body("why " * 2000), headers={"Accept-Language": "zh"}).json()["error"]
    assert error["code"] == "question_too_long"
    assert "4000" in error["message"]
    assert "问题过长" in error["message"]


def test_another_model_is_not_found(client: TestClient) -> None:
    reply = client.post(URL, json=body(model="gpt-4o"))
    assert reply.status_code == 404
    error = reply.json()["error"]
    assert (error["code"], error["param"]) == ("model_not_found", "model")
    assert "paced" in error["message"]
    assert client.post(URL, json=body(model="paced")).status_code == 200


def test_a_model_that_fails_is_an_error_whole_and_streamed(
    app_of: Callable[..., FastAPI], serve: Callable[..., TestClient]
) -> None:
    client = serve(app_of(error="The model broke."))
    reply = client.post(URL, json=body())
    assert reply.status_code == 502
    assert reply.json()["error"]["type"] == "server_error"
    sent = client.post(URL, json=body(stream=True)).text
    error = json.loads(sent.partition("data: ")[2])["error"]
    assert error["code"] == "model_failed"
    assert "The model broke." in error["message"]


def test_an_unforeseen_error_in_a_stream_tells_nothing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr("server.answering._finish", broken)
    sent = client.post(URL, json=body(stream=True)).text
    assert json.loads(sent.partition("data: ")[2])["error"]["code"] == "internal"
    assert "secret" not in sent
