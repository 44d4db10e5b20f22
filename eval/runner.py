"""Puts questions to the assistant through one stage of the ask flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from enum import StrEnum
from typing import Protocol

from eval.records import Record
from eval.suites import Query
from rag.domain import Answer, Hit, Message
from rag.errors import PinciteError

# Passages to ask for, so that the first ten documents are known although a document may fill several places.
_PASSAGES = 50


class Stage(StrEnum):
    """How much of the ask flow is run."""

    RETRIEVAL = "retrieval"
    READER = "reader"
    ANSWER = "answer"


class Assistant(Protocol):
    """What the evaluation needs of the assistant."""

    def ask(self, question: str, history: Sequence[Message] = ()) -> Answer:
        """Answer from the whole corpus."""

    def retrieve(
        self, question: str, history: Sequence[Message] = (), *, k: int | None = None
    ) -> tuple[str, Sequence[Hit]]:
        """Return the standalone question and the passages found for it."""

    def read(self, question: str, document_ids: Sequence[str], history: Sequence[Message] = ()) -> Answer:
        """Answer from the given documents."""


def readable(query: Query) -> tuple[str, ...]:
    """Return the documents that the reader stage gives: the context, else the relevant, else the near misses."""
    return query.context or query.relevant or query.hard_negatives


def ask_all(
    assistant: Assistant,
    queries: Sequence[Query],
    stage: Stage,
    *,
    workers: int = 1,
    done: Callable[[Record], None] = lambda record: None,
) -> list[Record]:
    """Run every query through ``stage`` and return the records in the order of the queries.

    ``workers`` questions are under way at once, for the model serves them in one batch; ``done`` is called from this
    thread as each record comes. The reader stage leaves out queries that name no document to read.
    """
    if stage is Stage.READER:
        queries = [query for query in queries if readable(query)]
    records: dict[str, Record] = {}
    for record in _as_they_come(assistant, queries, stage, workers):
        records[record.query.id] = record
        done(record)
    return [records[query.id] for query in queries]


def _as_they_come(assistant: Assistant, queries: Sequence[Query], stage: Stage, workers: int) -> Iterator[Record]:
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        for future in as_completed([pool.submit(_run, assistant, query, stage) for query in queries]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _run(assistant: Assistant, query: Query, stage: Stage) -> Record:
    try:
        if stage is Stage.READER:
            return Record(query, answer=assistant.read(query.question, readable(query), query.history))
        if stage is Stage.RETRIEVAL:
            standalone, hits = assistant.retrieve(query.question, query.history, k=_PASSAGES)
            return Record(query, standalone, tuple(hits))
        answer = assistant.ask(query.question, query.history)
        _, hits = assistant.retrieve(answer.standalone_question, k=_PASSAGES)
        return Record(query, answer.standalone_question, tuple(hits), answer)
    except PinciteError as error:
        return Record(query, error=str(error))
