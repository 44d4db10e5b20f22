from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.bench.peers.job import Job, Reply


@settings(deadline=None)
@given(question=st.text(), answer=st.text(), seconds=st.floats(0, 1e4), tokens=st.integers(0, 10**6))
def test_a_reply_is_one_line_and_reads_back(question: str, answer: str, seconds: float, tokens: int) -> None:
    reply = Reply(question, seconds, seconds, tokens, answer)
    line = reply.to_json()
    assert "\n" not in line
    assert Reply.from_json(line) == reply


def test_a_job_reads_back() -> None:
    job = Job(["苹果"], "Ready?", ["Why?", "为什么？"], "e5", "query: ", "passage: ", "m.gguf", 4096, 256, 2)
    assert Job.from_json(job.to_json()) == job


@pytest.mark.parametrize("text", ["", "{}", '{"question": "?", "more": 1}', "[]"])
def test_what_is_no_reply_is_refused(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        Reply.from_json(text)
