"""Token streams that another thread fills: iteration in the caller, cancelling from anywhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue

from rag.domain import Usage
from rag.errors import ModelError


class Feed:
    """The producer's end of a stream. An end, an error or a cancel closes it."""

    def __init__(self) -> None:
        self.usage = Usage()
        self._events: SimpleQueue[str | ModelError | None] = SimpleQueue()
        self._cancelled = threading.Event()

    @property
    def cancelled(self) -> bool:
        """Whether the caller wants no more; a producer asks this after every token."""
        return self._cancelled.is_set()

    def put(self, piece: str) -> None:
        """Hand over a piece of text; an empty one is dropped."""
        if piece:
            self._events.put(piece)

    def end(self, error: ModelError | None = None) -> None:
        """Close the stream, with the error that ended it if there is one."""
        self._events.put(error)

    def cancel(self) -> None:
        """Close the stream from the caller's side."""
        self._cancelled.set()
        self._events.put(None)

    def pieces(self) -> Iterator[str]:
        """Yield what was put, until the end."""
        while not self.cancelled:
            event = self._events.get()
            if isinstance(event, str):
                yield event
                continue
            self._events.put(None)  # so that a second iteration ends at once
            if event is not None and not self.cancelled:
                raise event
            return


class FedStream:
    """The caller's end of a stream: a ``TokenStream``.

    Leaving the iteration early, or dropping the stream, cancels it. ``abort`` is called on cancelling, for a producer
    that has to be woken rather than asked.
    """

    def __init__(self, feed: Feed, abort: Callable[[], object] | None = None) -> None:
        self._feed = feed
        self._abort = abort

    @property
    def usage(self) -> Usage:
        """Tokens spent so far."""
        return self._feed.usage

    def __iter__(self) -> Iterator[str]:
        """Yield pieces of text as they come.

        Raises:
            ModelError: the backend failed.
        """
        try:
            yield from self._feed.pieces()
        finally:
            self.cancel()

    def cancel(self) -> None:
        """Stop generating."""
        self._feed.cancel()
        if self._abort is not None:
            self._abort()

    def __del__(self) -> None:
        self.cancel()


class Workers:
    """Threads that feed streams. They are daemons: leaving the program never waits for an answer."""

    def __init__(self) -> None:
        self._running: dict[threading.Thread, Feed] = {}
        self._lock = threading.Lock()

    def start(self, produce: Callable[[Feed], None]) -> FedStream:
        """Run ``produce`` in a thread of its own and return the stream that it feeds."""
        feed = Feed()
        thread = threading.Thread(target=self._run, args=(produce, feed), name="generation", daemon=True)
        with self._lock:
            self._running[thread] = feed
        thread.start()
        return FedStream(feed)

    def stop(self) -> None:
        """Cancel every stream and wait until its thread has ended."""
        with self._lock:
            running = dict(self._running)
        for feed in running.values():
            feed.cancel()
        for thread in running:
            thread.join()

    def _run(self, produce: Callable[[Feed], None], feed: Feed) -> None:
        error: ModelError | None = None
        try:
            produce(feed)
        except ModelError as failure:
            error = failure
        except Exception as failure:  # whatever a backend throws must reach the caller
            error = ModelError(f"The model stopped: {one_line(failure)}.", "Run: pincite doctor")
        with self._lock:
            del self._running[threading.current_thread()]
        feed.end(error)


def one_line(failure: object) -> str:
    """Return the first line of a failure's text, at most 200 characters, without its full stop."""
    text = str(failure).strip() or type(failure).__name__
    return text.splitlines()[0][:200].rstrip(". ")
