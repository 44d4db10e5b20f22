from __future__ import annotations

import gc
import threading

import pytest

from rag.errors import ModelError
from rag.generation.streaming import FedStream, Feed, Workers, one_line


def test_pieces_come_in_order_and_empty_ones_are_dropped() -> None:
    feed = Feed()
    for piece in ["a", "", "b"]:
        feed.put(piece)
    feed.end()
    assert list(FedStream(feed)) == ["a", "b"]


def test_error_is_raised_after_the_text() -> None:
    feed = Feed()
    feed.put("a")
    feed.end(ModelError("broken"))
    pieces = iter(FedStream(feed))
    assert next(pieces) == "a"
    with pytest.raises(ModelError, match="broken"):
        next(pieces)


def test_cancel_wakes_a_waiting_caller_and_calls_abort() -> None:
    aborted = threading.Event()
    feed = Feed()
    stream = FedStream(feed, aborted.set)
    threading.Timer(0.05, stream.cancel).start()
    assert list(stream) == []
    assert feed.cancelled
    assert aborted.is_set()


def test_dropping_an_unread_stream_cancels() -> None:
    feed = Feed()
    stream = FedStream(feed)
    assert not feed.cancelled
    del stream
    gc.collect()
    assert feed.cancelled


def test_worker_hands_over_text_and_unforeseen_failures() -> None:
    def produce(feed: Feed) -> None:
        feed.put("a")
        raise RuntimeError("first line\nsecond")

    pieces = iter(Workers().start(produce))
    assert next(pieces) == "a"
    with pytest.raises(ModelError, match=r"^The model stopped: first line\.$"):
        next(pieces)


def test_stop_cancels_and_joins_every_worker() -> None:
    workers = Workers()
    ended = threading.Event()

    def produce(feed: Feed) -> None:
        while not feed.cancelled:
            pass
        ended.set()

    stream = workers.start(produce)
    workers.stop()
    assert ended.is_set()
    assert list(stream) == []


@pytest.mark.parametrize(
    ("failure", "line"), [(ValueError("a.\nb"), "a"), (KeyError(), "KeyError"), ("x" * 300, "x" * 200)]
)
def test_one_line(failure: object, line: str) -> None:
    assert one_line(failure) == line
