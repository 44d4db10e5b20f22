"""What went wrong with a question, in words."""

from __future__ import annotations

from collections.abc import Iterator

from eval.metrics.answers import is_right
from eval.records import Record
from eval.runner import Stage

_DEPTH = 5


def misses(record: Record, stage: Stage) -> list[str]:
    """Return every reason why ``record`` is no full success; empty for a full success."""
    if record.error:
        return [f"turned away: {record.error}"]
    reasons = []
    if stage is not Stage.READER:
        absent = [document for document in record.query.relevant if document not in record.ranking[:_DEPTH]]
        if absent:
            reasons.append(f"not among the first {_DEPTH} documents: {', '.join(absent)}")
    return [*reasons, *_answer_misses(record)] if stage is not Stage.RETRIEVAL else reasons


def _answer_misses(record: Record) -> Iterator[str]:
    query = record.query
    if record.refused:
        if query.answerable:
            yield "refused, though the corpus answers it"
        return
    if not query.answerable:
        yield "answered, though the corpus does not say"
        return
    if is_right(record.answer_text, query) is False:
        yield "wrong answer"
    astray = sorted(record.cited - set(query.relevant))
    if query.relevant and astray:
        yield f"cites documents outside the relevant: {', '.join(astray)}"
    if record.answer and any(sentence.verdict != "supported" for sentence in record.answer.sentences):
        yield "a sentence is not fully supported"
