"""Prometheus metrics, in a registry of their own for each application."""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from rag import Answer, Concluded, Drafted, Event

_REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_CHAT_S = (0.1, 0.25, 0.5, 1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256)


class Metrics:
    """All metrics of one application. Safe to use from several threads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "pincite_requests", "Requests by route and status.", ("method", "route", "status"), registry=self._registry
        )
        self.request_s = self._histogram("pincite_request_seconds", "Seconds until a reply ended.", _REQUEST_S, "route")
        self.queue_s = self._histogram("pincite_queue_wait_seconds", "Seconds that a chat waited for a slot.", _CHAT_S)
        self.first_token_s = self._histogram("pincite_first_token_seconds", "Seconds to the first token.", _CHAT_S)
        self.chat_s = self._histogram("pincite_chat_seconds", "Seconds that a chat took, waiting included.", _CHAT_S)
        self.chats = self._counter("pincite_chats", "Chats by how they ended.", "outcome")
        self.tokens = self._counter("pincite_tokens", "Tokens by kind.", "kind")
        self.verdicts = self._counter("pincite_verdicts", "Sentences of answers by verdict.", "verdict")
        for outcome in ("answered", "refused", "cancelled", "failed", "rejected"):  # so that they are there at 0
            self.chats.labels(outcome)

    def watch_queue(self, waiting: Callable[[], int], running: Callable[[], int]) -> None:
        """Report how many chats wait and run; the functions are asked at each scrape."""
        Gauge("pincite_queue_length", "Chats waiting for a slot.", registry=self._registry).set_function(waiting)
        Gauge("pincite_running_chats", "Chats with a slot.", registry=self._registry).set_function(running)

    def render(self) -> bytes:
        """Return all metrics in Prometheus's text format."""
        return generate_latest(self._registry)

    def _counter(self, name: str, text: str, label: str) -> Counter:
        return Counter(name, text, (label,), registry=self._registry)

    def _histogram(self, name: str, text: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(name, text, labels, buckets=buckets, registry=self._registry)


class ChatWatch:
    """Measures one chat, from when it entered the queue."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._entered = time.perf_counter()
        self._drafted = False

    def admitted(self) -> None:
        """Note that it got its slot."""
        self._metrics.queue_s.observe(self._elapsed())

    def saw(self, event: Event) -> None:
        """Note an event."""
        if isinstance(event, Drafted) and not self._drafted:
            self._drafted = True
            self._metrics.first_token_s.observe(self._elapsed())
        elif isinstance(event, Concluded):
            self._concluded(event.answer)

    def cancelled(self) -> None:
        """Note that nobody wanted its end."""
        self._metrics.chats.labels("cancelled").inc()

    def failed(self) -> None:
        """Note that it ended with an error."""
        self._metrics.chats.labels("failed").inc()

    def _concluded(self, answer: Answer) -> None:
        self._metrics.chat_s.observe(self._elapsed())
        self._metrics.chats.labels("answered" if answer.status == "answered" else "refused").inc()
        usage = answer.usage
        self._metrics.tokens.labels("prompt").inc(usage.prompt_tokens - usage.cached_tokens)
        self._metrics.tokens.labels("cached").inc(usage.cached_tokens)
        self._metrics.tokens.labels("completion").inc(usage.completion_tokens)
        for verdict, count in Tally(sentence.verdict for sentence in answer.sentences).items():
            self._metrics.verdicts.labels(verdict).inc(count)

    def _elapsed(self) -> float:
        return time.perf_counter() - self._entered
