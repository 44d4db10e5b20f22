"""Clients of OpenAI's protocol as they are published, against a server on a real socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import numpy as np
import openai
import pytest
from fastapi import FastAPI
from huggingface_hub import InferenceClient
from openai import OpenAI

from rag import Answer
from rag.embedding.base import Embedder
from rag.settings import Settings
from server.schemas import ANSWERS
from tests.server.stand_ins import QUESTION

MESSAGES: Any = [{"role": "user", "content": QUESTION}]


@pytest.fixture
def connect() -> Iterator[Callable[..., OpenAI]]:
    """Opens the `openai` package's client of a server; it does not try again what failed."""
    opened: list[OpenAI] = []

    def connect(url: str, key: str = "none") -> OpenAI:
        opened.append(OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0))
        return opened[-1]

    yield connect
    for client in opened:
        client.close()


def answer_in(reply: object) -> Answer:
    """The Answer that rides along; both clients keep fields that they do not know."""
    return ANSWERS.validate_python(reply.pincite)  # type: ignore[attr-defined]


def said(chunks: list[Any]) -> str:
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def same(one: Answer, other: Answer) -> bool:
    return (one.text, one.sentences, one.citations, one.confidence) == (
        other.text, other.sentences, other.citations, other.confidence,
    )  # fmt: skip


def test_openai_gets_the_same_answer_whole_and_streamed(
    app_of: Callable[..., FastAPI], live: Callable[[FastAPI], str], connect: Callable[..., OpenAI]
) -> None:
    app = app_of()
    url = live(app)
    client = connect(url)
    model = client.models.list().data[0].id
    whole = client.chat.completions.create(model=model, messages=MESSAGES)
    stream = client.chat.completions.create(
        model=model, messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    *chunks, usage = list(stream)
    first, last = answer_in(whole), answer_in(chunks[-1])
    plain = ANSWERS.validate_python(httpx.post(f"{url}/v1/chat", json={"question": QUESTION}).json())
    assert same(first, last)
    assert same(first, plain)
    assert said(chunks) == whole.choices[0].message.content == first.text
    assert usage.usage is not None
    assert usage.usage.total_tokens > 0
    assert first.citations
    for citation in first.citations:
        document = app.state.engine.assistant.snapshot.store.document(citation.document.id)
        assert document.text[citation.start : citation.end] == citation.quote


def test_openai_sends_filters_in_an_extra_field(
    app_of: Callable[..., FastAPI], live: Callable[[FastAPI], str], connect: Callable[..., OpenAI]
) -> None:
    client = connect(live(app_of()))
    extra = {"pincite": {"filters": {"language": "zh"}}}
    answer = answer_in(client.chat.completions.create(model="pincite", messages=MESSAGES, extra_body=extra))
    assert {citation.document.language for citation in answer.citations} <= {"zh"}


def test_openai_embeds_texts(
    app_of: Callable[..., FastAPI],
    live: Callable[[FastAPI], str],
    connect: Callable[..., OpenAI],
    bag_embedder: Embedder,
) -> None:
    client = connect(live(app_of()))
    texts = ["Apple chose Alibaba.", "备案"]
    for encoding in ({}, {"encoding_format": "float"}):  # by itself it asks for base64
        reply = client.embeddings.create(model="pincite", input=texts, **encoding)  # type: ignore[arg-type]
        assert np.allclose([item.embedding for item in reply.data], bag_embedder.embed_passages(texts))
    assert reply.usage.total_tokens == sum(map(bag_embedder.count_tokens, texts))


def test_openai_raises_its_own_exceptions(
    app_of: Callable[..., FastAPI], live: Callable[[FastAPI], str], connect: Callable[..., OpenAI]
) -> None:
    app = app_of()
    url = live(app)
    keys = app.state.database.keys
    ask = connect(url, keys.create("chat", frozenset({"chat"}))).chat.completions.create
    with pytest.raises(openai.NotFoundError) as not_found:
        ask(model="gpt-4o", messages=MESSAGES)
    assert (not_found.value.code, not_found.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.BadRequestError) as bad:
        ask(model="pincite", messages=MESSAGES, n=2)
    assert bad.value.param == "n"
    assert bad.value.request_id
    with pytest.raises(openai.APIStatusError) as too_large:
        ask(model="pincite", messages=MESSAGES, user="x" * 300_000)
    assert (too_large.value.status_code, too_large.value.code) == (413, "body_too_large")
    with pytest.raises(openai.AuthenticationError) as wrong_key:
        connect(url, "pk_wrong_key").models.list()
    assert wrong_key.value.code == "invalid_api_key"
    with pytest.raises(openai.PermissionDeniedError):
        connect(url, keys.create("search", frozenset({"search"}))).chat.completions.create(
            model="pincite", messages=MESSAGES
        )


def test_openai_is_told_to_wait_when_too_many_ask(  # noqa: PLR0917 - fixtures
    settings: Settings,
    with_server: Callable[..., Settings],
    app_of: Callable[..., FastAPI],
    live: Callable[[FastAPI], str],
    connect: Callable[..., OpenAI],
    eventually: Callable[..., None],
) -> None:
    one_slot = settings.model_copy(update={"generation": settings.generation.model_copy(update={"parallel_slots": 1})})
    app = app_of(with_server(one_slot, queue_length=0), prefill=30.0)
    client = connect(live(app))
    with client.chat.completions.create(model="pincite", messages=MESSAGES, stream=True):
        for stream in (False, True):
            with pytest.raises(openai.RateLimitError) as full:
                client.chat.completions.create(model="pincite", messages=MESSAGES, stream=stream)
            assert full.value.code == "queue_full"
            assert int(full.value.response.headers["retry-after"]) > 0
        eventually(lambda: bool(app.state.engine.assistant.generator.streams))
    (generating,) = app.state.engine.assistant.generator.streams
    eventually(generating.cancelled.is_set)


def test_openai_is_told_when_the_server_is_not_ready(
    app_of: Callable[..., FastAPI], live: Callable[[FastAPI], str], connect: Callable[..., OpenAI]
) -> None:
    app = app_of()
    client = connect(live(app))
    app.state.engine.drain()
    calls: list[Callable[[], object]] = [
        client.models.list,
        lambda: client.embeddings.create(model="pincite", input="a"),
        lambda: client.chat.completions.create(model="pincite", messages=MESSAGES),
        lambda: client.chat.completions.create(model="pincite", messages=MESSAGES, stream=True),
    ]
    for call in calls:
        with pytest.raises(openai.InternalServerError) as not_ready:
            call()
        assert (not_ready.value.status_code, not_ready.value.code) == (503, "not_ready")
        assert int(not_ready.value.response.headers["retry-after"]) > 0


def test_openai_raises_when_a_stream_ends_with_an_error(
    app_of: Callable[..., FastAPI], live: Callable[[FastAPI], str], connect: Callable[..., OpenAI]
) -> None:
    client = connect(live(app_of(error="The model broke.")))
    stream = client.chat.completions.create(model="pincite", messages=MESSAGES, stream=True)
    with pytest.raises(openai.APIError, match="The model broke"):
        list(stream)


def test_huggingface_hub_gets_the_same_answer_whole_and_streamed(
    app_of: Callable[..., FastAPI], live: Callable[[FastAPI], str]
) -> None:
    with InferenceClient(base_url=f"{live(app_of())}/v1", api_key="none") as client:
        ask = client.chat.completions.create
        whole = ask(model="pincite", messages=MESSAGES, max_tokens=64, temperature=0.1)
        chunks = list(ask(model="pincite", messages=MESSAGES, stream=True))
    first, last = answer_in(whole), answer_in(chunks[-1])
    assert same(first, last)
    assert said(chunks) == whole.choices[0].message.content == first.text
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_huggingface_hub_reads_whatever_stands_in_a_question(
    app_of: Callable[..., FastAPI], live: Callable[[FastAPI], str]
) -> None:
    question = "Why did\u2028Apple\u0085choose\u2029“Alibaba”\x0b\x1c？ data: [DONE]\n\n"
    with InferenceClient(base_url=f"{live(app_of())}/v1", api_key="none") as client:
        messages: Any = [{"role": "user", "content": question}]
        whole = answer_in(client.chat.completions.create(model="pincite", messages=messages))
        chunks = list(client.chat.completions.create(model="pincite", messages=messages, stream=True))
    assert same(whole, answer_in(chunks[-1]))
    assert said(chunks) == whole.text
