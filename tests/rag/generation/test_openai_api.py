from __future__ import annotations

import socket
import threading
import time

import pytest

from rag.domain import Message
from rag.errors import ModelError
from rag.generation.openai_api import OpenAIGenerator
from rag.models.references import ModelReference
from rag.settings import GenerationSettings

HELLO = [Message("user", "Hello")]


def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        generator = _open(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        with pytest.raises(ModelError, match="cannot be reached") as caught:
            list(generator.stream(HELLO, max_tokens=1))
        assert "Start the service" in caught.value.remedy
        generator.close()


def test_silent_service_times_out_and_cancels_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        generator = _open(url, timeout_s=0.3)
        with pytest.raises(ModelError, match="did not answer in time"):
            generator.first_token_logprobs(HELLO, ["yes"])
        generator.close()
        generator = _open(url, timeout_s=60)
        stream = generator.stream(HELLO, max_tokens=1)
        threading.Timer(0.2, stream.cancel).start()
        started = time.monotonic()
        assert list(stream) == []
        generator.close()
        assert time.monotonic() - started < 1


def test_closed_generator_says_so() -> None:
    generator = _open("http://127.0.0.1:9/v1")
    generator.close()
    generator.close()
    with pytest.raises(ModelError, match="closed"):
        generator.stream(HELLO, max_tokens=1)


@pytest.mark.models
def test_wrong_key(service: tuple[str, str]) -> None:
    generator = _open(service[0], api_key="wrong")
    with pytest.raises(ModelError, match="refuses the key"):
        list(generator.stream(HELLO, max_tokens=1))
    generator.close()


@pytest.mark.models
def test_wrong_path(service: tuple[str, str]) -> None:
    generator = _open(service[0] + "/nowhere", api_key=service[1])
    with pytest.raises(ModelError, match="does not know m"):
        list(generator.stream(HELLO, max_tokens=1))
    generator.close()


def _open(url: str, **settings: object) -> OpenAIGenerator:
    return OpenAIGenerator(ModelReference("url", "m", url, ""), GenerationSettings.model_validate(settings))
