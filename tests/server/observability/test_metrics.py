from __future__ import annotations

from collections.abc import Callable

from rag import Answer, Concluded, Drafted, Found
from server.observability.metrics import ChatWatch, Metrics


def lines_of(metrics: Metrics) -> list[str]:
    return metrics.render().decode().splitlines()


def test_an_answer_is_measured(answer: Callable[..., Answer]) -> None:
    metrics = Metrics()
    watch = ChatWatch(metrics)
    watch.admitted()
    for event in (Found((), ()), Drafted("a"), Drafted("b"), Concluded(answer())):
        watch.saw(event)
    lines = lines_of(metrics)
    for line in (
        "pincite_queue_wait_seconds_count 1.0",
        "pincite_first_token_seconds_count 1.0",
        "pincite_chat_seconds_count 1.0",
        'pincite_chats_total{outcome="answered"} 1.0',
        'pincite_verdicts_total{verdict="supported"} 2.0',
        'pincite_tokens_total{kind="completion"} 15.0',
    ):
        assert line in lines


def test_a_refusal_a_failure_and_a_cancelled_chat_are_told_apart(answer: Callable[..., Answer]) -> None:
    metrics = Metrics()
    ChatWatch(metrics).saw(Concluded(answer(yes=0.01)))
    ChatWatch(metrics).failed()
    ChatWatch(metrics).cancelled()
    for outcome in ("refused", "failed", "cancelled"):
        assert f'pincite_chats_total{{outcome="{outcome}"}} 1.0' in lines_of(metrics)
    assert "pincite_first_token_seconds_count 0.0" in lines_of(metrics)


def test_the_queue_is_asked_at_each_scrape() -> None:
    metrics, lengths = Metrics(), [3, 5]
    metrics.watch_queue(lambda: lengths.pop(0), lambda: 2)
    assert "pincite_queue_length 3.0" in lines_of(metrics)
    assert "pincite_queue_length 5.0" in lines_of(metrics)
