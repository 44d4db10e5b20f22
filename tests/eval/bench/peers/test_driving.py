from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from eval.bench.peers.driving import Llama, timed
from eval.bench.peers.job import Job, Reply
from rag.models.references import resolve_generator
from rag.settings import Settings

JOB = Job(["a passage"], "Ready?", ["Why?", "为什么？"], "e5", "", "", "m.gguf", 512, 8, 2)
# A driver for a library that prints, with a model that repeats what it is asked.
DRIVER = """
import os
from peers import driving

class Echo:
    prompt_tokens = 0
    def __init__(self, job):
        os.write(1, b"loading\\n")
    def ask(self, question):
        print("asked", flush=True)
        self.prompt_tokens += len(question)
        yield from ("", question, "!")

driving.Llama = Echo
driving.serve(lambda job, llama: llama.ask)
"""


class _Llama(Llama):
    def __init__(self) -> None:
        self.prompt_tokens = 0

    def stream(self, messages: Sequence[Mapping[str, str]]) -> Iterator[str]:
        yield from ("", "Be", "cause")
        self.prompt_tokens += 7


def test_empty_pieces_are_no_first_token_and_no_answer() -> None:
    llama = _Llama()
    timed(lambda _: llama.stream([]), llama, "Ready?")
    reply = timed(lambda _: llama.stream([]), llama, "Why?")
    assert (reply.question, reply.answer, reply.prompt_tokens) == ("Why?", "Because", 7)
    assert 0 < reply.first_token_s <= reply.whole_s


def test_where_nothing_is_said_the_end_is_the_first_to_be_seen() -> None:
    reply = timed(lambda _: iter(()), _Llama(), "Why?")
    assert reply.first_token_s == reply.whole_s > 0


def test_each_question_is_a_line_whatever_the_libraries_print(tmp_path: Path) -> None:
    job = tmp_path / "job.json"
    job.write_text(JOB.to_json(), encoding="utf-8")
    command = [sys.executable, "-P", "-c", DRIVER, str(job)]
    environment = os.environ | {"PYTHONPATH": str(files("eval.bench"))}
    ended = subprocess.run(command, env=environment, check=True, capture_output=True, encoding="utf-8")
    replies = [Reply.from_json(line) for line in ended.stdout.splitlines()]
    assert [(reply.question, reply.answer) for reply in replies] == [("Why?", "Why?!"), ("为什么？", "为什么？!")]
    assert [reply.prompt_tokens for reply in replies] == [4, 4]
    assert ended.stderr.split() == ["loading", "asked", "asked", "asked"]


@pytest.mark.models
def test_the_model_streams_and_counts_what_it_read() -> None:
    reference = resolve_generator("smollm2-135m-instruct-q4_1", Settings().models_dir)
    llama = Llama(replace(JOB, generator=reference.location))
    pieces = list(llama.stream([{"role": "user", "content": "Tell me a tale."}]))
    assert 1 < len(pieces) <= JOB.answer_tokens
    assert 5 < llama.prompt_tokens < 100
    with pytest.raises(RuntimeError, match=r"llama\.cpp"):
        list(llama.stream([{"role": "user", "content": "word " * 1000}]))
