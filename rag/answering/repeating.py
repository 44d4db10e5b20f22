"""Answers given before: over one snapshot the same model gives the same answer to the same question."""

from __future__ import annotations

import json
import threading
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal

from rag.answering.events import Cited, Concluded, Drafted, Event, EventStream, Found
from rag.answering.markers import without_markers
from rag.domain import Answer, Metadata, ModelInfo, Timings, Usage


@dataclass(frozen=True, slots=True)
class Asked:
    """All that an answer depends on beside the snapshot and the settings."""

    standalone_question: str
    language: Literal["en", "zh"]
    filters: str
    excluded: frozenset[str]
    model: ModelInfo


def asked_for(
    standalone_question: str,
    language: Literal["en", "zh"],
    filters: Metadata,
    excluded: AbstractSet[str],
    model: ModelInfo,
) -> Asked:
    """Return what an answer to a question depends on; ``filters`` and ``excluded`` narrow its search."""
    narrowed = json.dumps(filters, sort_keys=True, default=repr)
    return Asked(standalone_question, language, narrowed, frozenset(excluded), model)


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, and what was last read for it."""

    found: Found
    answer: Answer

    def again(self, question: str, usage: Usage, timings: Timings) -> Iterator[Event]:
        """Give the answer to ``question``, marked as repeated, with the events of one that is made.

        ``usage`` and ``timings`` are of this time.
        """
        yield self.found
        yield from self._told()
        yield Concluded(
            replace(
                self.answer,
                id=uuid.uuid4().hex,
                question=question,
                usage=usage,
                timings_ms=timings,
                repeated=True,
            )
        )

    def _told(self) -> Iterator[Drafted | Cited]:
        answer, end, cited = self.answer, 0, set[int]()
        for sentence in answer.sentences:
            gap = without_markers(answer.text[end : sentence.start])
            yield Drafted(gap + sentence.text)
            fresh = tuple(c for c in answer.citations if c.marker in {*sentence.citations} - cited)
            yield Cited(sentence, fresh)
            cited.update(sentence.citations)
            end = sentence.end


class GivenAnswers:
    """The last answers over one snapshot, at most ``most``. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._given: OrderedDict[Asked, Given] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, asked: Asked) -> Given | None:
        """Return what was given to the same before."""
        with self._lock:
            if asked in self._given:
                self._given.move_to_end(asked)
            return self._given.get(asked)

    def keeping(self, asked: Asked, events: EventStream) -> EventStream:
        """Pass ``events`` on, and keep the answer that they conclude with."""
        found = Found((), ())
        for event in events:
            if isinstance(event, Found):
                found = event
            elif isinstance(event, Concluded):
                self._keep(asked, Given(found, event.answer))
            yield event

    def _keep(self, asked: Asked, given: Given) -> None:
        with self._lock:
            self._given[asked] = given
            while len(self._given) > self._most:
                self._given.popitem(last=False)
