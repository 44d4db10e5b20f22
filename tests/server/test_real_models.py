"""One question over HTTP in every form of reply, from the real models: the same Answer each time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openai import OpenAI

from tests.server.real_server import real_server

pytestmark = pytest.mark.models
QUESTION = "Why did Apple choose Alibaba?"
_VARYING = {"id", "timings_ms", "usage"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real_server(tmp_path_factory.mktemp("served")) as url:
        yield url


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=300) as client:
        yield client


def essence(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in _VARYING}


def events_of(stream: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    name = ""
    for line in stream.splitlines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            found.append((name, json.loads(line.removeprefix("data: "))))
    return found


def test_every_form_of_reply_carries_the_same_answer(client: httpx.Client, url: str) -> None:
    whole = client.post("/v1/chat", json={"question": QUESTION}).json()
    assert whole["status"] == "answered"
    assert "consumer data" in whole["text"]
    for citation in whole["citations"]:
        document = citation["document"]
        text = client.get(f"/v1/documents/{document['id']}", params={"version": document["version"]}).json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]

    reply = client.post("/v1/chat", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    events = events_of(reply.text)
    names = [name for name, _ in events]
    assert names[-1] == "answer"
    assert names.index("evidence") < names.index("token") < names.index("sentence")
    assert essence(events[-1][1]) == essence(whole)
    assert [data["sentence"] for name, data in events if name == "sentence"] == whole["sentences"]

    openai = OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0)
    completion: Any = openai.chat.completions.create(
        model=openai.models.list().data[0].id, messages=[{"role": "user", "content": QUESTION}]
    )
    assert completion.choices[0].message.content == whole["text"]
    assert essence(completion.pincite) == essence(whole)
    openai.close()


def test_what_the_corpus_does_not_say_is_refused_over_http(client: httpx.Client) -> None:
    answer = client.post("/v1/chat", json={"question": "小米2019年的广告收入是多少？"}).json()
    assert (answer["status"], answer["language"], answer["citations"]) == ("not_in_corpus", "zh", [])
    assert answer["near"]


def test_a_client_that_goes_away_stops_the_answer(client: httpx.Client, url: str) -> None:
    body = {"question": "Which rules govern generative AI services in mainland China?"}
    with httpx.stream("POST", f"{url}/v1/chat", json=body, headers={"Accept": "text/event-stream"}) as reply:
        next(reply.iter_lines())
    again = client.post("/v1/chat", json={"question": QUESTION})
    assert again.status_code == 200
    cancelled = [line for line in client.get("/metrics").text.splitlines() if "cancelled" in line and line[0] != "#"]
    assert any(float(line.rsplit(" ", 1)[1]) >= 1 for line in cancelled)
