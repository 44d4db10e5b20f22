from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from rag.domain import Message
from rag.errors import ModelError
from rag.generation.llama_cpp import LlamaCppGenerator
from rag.models.references import ModelReference
from rag.settings import GenerationSettings

pytestmark = pytest.mark.models

LONG = [Message("user", "The quick brown fox jumps over the lazy dog. " * 40)]


@pytest.mark.parametrize("kept", [8, 20_000_000])
def test_damaged_file_is_one_clear_error(small_model: ModelReference, tmp_path: Path, kept: int) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(Path(small_model.location).read_bytes()[:kept])
    with pytest.raises(ModelError, match=r"broken\.gguf does not load") as caught:
        LlamaCppGenerator(ModelReference("gguf", "broken", str(path), ""), GenerationSettings())
    assert "models verify" in caught.value.remedy


@pytest.mark.parametrize(
    ("method", "route"),
    [
        ("POST", "/v1/chat/completions"),
        ("POST", "/completion"),
        ("POST", "/tokenize"),
        ("GET", "/props"),
        ("GET", "/slots"),
    ],
)
def test_listener_is_closed_to_others(llama_cpp: LlamaCppGenerator, method: str, route: str) -> None:
    address = httpx.URL(llama_cpp._server.listening_address)
    assert address.host == "127.0.0.1"
    assert httpx.request(method, address.join(route), trust_env=False).status_code == 401


def test_cancel_while_the_prompt_is_read_frees_the_slot(llama_cpp: LlamaCppGenerator) -> None:
    stream = llama_cpp.stream(LONG, max_tokens=8)
    time.sleep(0.2)
    started = time.monotonic()
    stream.cancel()
    assert list(stream) == []
    assert time.monotonic() - started < 0.2
    assert stream.usage.completion_tokens == 0


def test_a_first_token_of_half_a_character_has_a_distribution_too(llama_cpp: LlamaCppGenerator) -> None:
    asked = [Message("system", "只回答是或否。"), Message("user", "苹果选择了阿里巴巴。苹果选择了阿里巴巴吗？")]
    assert "".join(llama_cpp.stream(asked, max_tokens=1)) in {"", "\ufffd"}
    logprobs, usage = llama_cpp.first_token_logprobs(asked, ["yes", "no"])
    assert all(math.isfinite(value) and value < 0 for value in logprobs.values())
    assert usage.completion_tokens == 1


def test_what_came_before_changes_no_digit(llama_cpp: LlamaCppGenerator) -> None:
    rules = Message("system", "You answer in one word. " * 6)

    def ask(question: str) -> float:
        logprobs, usage = llama_cpp.first_token_logprobs([rules, Message("user", question)], ["yes", "no"])
        assert 30 < usage.cached_tokens < usage.prompt_tokens - 3
        return logprobs["yes"]

    first = ask("Is grass green?")
    assert ask("Is grass green, or is it blue?") != first
    list(llama_cpp.stream(LONG, max_tokens=1))
    assert [ask("Is grass green?") for _ in range(3)] == [first] * 3


def read_ahead(generator: LlamaCppGenerator, messages: list[Message], opening: str) -> bool:
    stream = generator.read_ahead(messages, opening)
    assert stream is None or list(stream) == []
    return stream is not None


def test_reading_ahead_can_be_called_off(small_model: ModelReference, small_settings: GenerationSettings) -> None:
    with closing(LlamaCppGenerator(small_model, small_settings)) as generator:
        stream = generator.read_ahead([Message("user", "")], LONG[0].content)
        assert stream is not None
        stream.cancel()
        assert list(stream) == []
        started = time.monotonic()
        list(generator.stream([Message("user", "Grass?")], max_tokens=1))
        assert time.monotonic() - started < 2
        assert not list(generator._states.folder.glob("*.state"))


def test_an_opening_is_read_once_and_changes_no_digit(
    small_model: ModelReference, small_settings: GenerationSettings, tmp_path: Path
) -> None:
    rules = Message("system", "You answer from sources. " * 6)
    source = "Oslo lies by a fjord. It has 717,000 inhabitants. It has an opera house."
    other = "Bergen lies between seven hills. It rains there on most days. It has a fish market."

    def ask(generator: LlamaCppGenerator, text: str, opening: str) -> tuple[str, int]:
        messages = [rules, Message("user", f"{text}\n\nHow many people live in Oslo?")]
        stream = generator.stream(messages, max_tokens=12, opening=opening)
        return "".join(stream), stream.usage.cached_tokens

    def opened() -> LlamaCppGenerator:
        return LlamaCppGenerator(small_model, small_settings, tmp_path / "states")

    part = source[: source.index(" It has an")]
    with closing(opened()) as generator:
        first = ask(generator, source, source)
        cut = ask(generator, part, source)
        assert first[1] > cut[1] > generator.count_tokens(part)
        ask(generator, other, other)
        assert (ask(generator, source, source), ask(generator, part, source)) == (first, cut)
        assert read_ahead(generator, [rules, Message("user", "")], "Trondheim has a cathedral.")
    with closing(opened()) as another_process:
        assert ask(another_process, part, source) == cut
        states = sorted((tmp_path / "states").iterdir())
        assert read_ahead(another_process, [rules, Message("user", "")], "Trondheim has a cathedral.")
        assert states == sorted((tmp_path / "states").iterdir())
        assert len(states) == 4


def test_generators_with_other_numbers_of_slots_leave_each_other_s_states_alone(
    small_model: ModelReference, small_settings: GenerationSettings, tmp_path: Path
) -> None:
    def read(slots: int) -> dict[Path, bytes]:
        settings = small_settings.model_copy(update={"parallel_slots": slots})
        with closing(LlamaCppGenerator(small_model, settings, tmp_path)) as generator:
            assert read_ahead(generator, [Message("user", "")], "Trondheim has a cathedral. " * 3)
        return {path: path.read_bytes() for path in tmp_path.iterdir()}

    one, both = read(1), read(3)
    assert (len(one), len(both)) == (1, 2)
    assert one.items() <= both.items()
    assert read(1) == read(3) == both


def test_nothing_is_read_ahead_where_there_is_no_room(
    small_model: ModelReference, small_settings: GenerationSettings, tmp_path: Path
) -> None:
    tight = small_settings.model_copy(update={"states_gib": 0.001})
    with closing(LlamaCppGenerator(small_model, tight, tmp_path)) as generator:
        ahead = [read_ahead(generator, [Message("user", "")], f"{n}. " + "Grass is green. " * 8) for n in range(4)]
        assert read_ahead(generator, [Message("user", "")], "0. " + "Grass is green. " * 8)
    assert ahead == [True, False, False, False]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_prompt_without_a_recurring_part_is_computed_anew(llama_cpp: LlamaCppGenerator) -> None:
    for _ in range(2):
        stream = llama_cpp.stream([Message("user", "Colour of grass?")], max_tokens=1)
        list(stream)
        assert stream.usage.cached_tokens == 0


def test_hash_is_taken_from_the_file_when_unknown(
    small_model: ModelReference, small_settings: GenerationSettings
) -> None:
    unknown = ModelReference("gguf", "mine", small_model.location, "")
    generator = LlamaCppGenerator(unknown, small_settings)
    try:
        assert generator.info.sha256 == hashlib.sha256(Path(small_model.location).read_bytes()).hexdigest()
    finally:
        generator.close()
        generator.close()
    with pytest.raises(ModelError, match="closed"):
        generator.stream(LONG, max_tokens=1)


PROGRAM = """
import sys
from rag.domain import Message
from rag.generation.llama_cpp import LlamaCppGenerator
from rag.models.references import ModelReference
from rag.settings import GenerationSettings
generator = LlamaCppGenerator(ModelReference("gguf", "m", sys.argv[1], "0"), GenerationSettings(context_tokens=512))
stream = generator.stream([Message("user", "Tell me a long tale.")], max_tokens=400)
next(iter(stream))
unread = generator.stream([Message("user", "Tell me a long tale.")], max_tokens=400)
"""


def test_loading_and_leaving_in_mid_answer_prints_nothing(small_model: ModelReference) -> None:
    command = [sys.executable, "-c", PROGRAM, small_model.location]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, env=dict(os.environ))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
