from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from rag import Assistant, Message
from server.cancelling import Cancellation, Cancelled, with_cancellation
from tests.server.stand_ins import QUESTION

HISTORY = [Message("user", "Why Alibaba?"), Message("assistant", "For its data.[1]")]


def test_an_answer_that_nobody_stops_is_the_same(assistant_of: Callable[..., Assistant]) -> None:
    assistant = assistant_of()
    whole = with_cancellation(assistant, Cancellation()).ask(QUESTION)
    assert (whole.text, whole.citations) == (assistant.ask(QUESTION).text, assistant.ask(QUESTION).citations)
    assistant.close()


@pytest.mark.parametrize("question", [QUESTION, "and Huawei?"], ids=["drafting", "rewriting"])
def test_an_answer_that_waits_for_the_model_stops_at_once(
    question: str, assistant_of: Callable[..., Assistant]
) -> None:
    assistant = assistant_of(prefill=60.0)
    cancellation = Cancellation()
    threading.Timer(0.1, cancellation.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        with_cancellation(assistant, cancellation).ask(question, HISTORY)
    assert time.monotonic() - began < 1.0
    assistant.close()


def test_an_answer_stopped_beforehand_asks_the_model_nothing(assistant_of: Callable[..., Assistant]) -> None:
    assistant = assistant_of()
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        with_cancellation(assistant, cancellation).ask(QUESTION)
    assert assistant.generator.streams == []  # type: ignore[attr-defined]
    assistant.close()


def test_closing_the_view_leaves_the_model_open(assistant_of: Callable[..., Assistant]) -> None:
    assistant = assistant_of()
    with_cancellation(assistant, Cancellation()).generator.close()
    assert not assistant.generator.closed  # type: ignore[attr-defined]
    assistant.close()
