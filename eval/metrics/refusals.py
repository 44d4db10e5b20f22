"""Does the assistant refuse what the corpus does not hold, and only that?"""

from __future__ import annotations

from eval.metrics.samples import Sample, Share
from eval.records import Record


def refusal_precision(record: Record) -> Sample:
    """Of the refused questions, the share that is unanswerable."""
    return Share(float(not record.query.answerable)) if record.refused else None


def refusal_recall(record: Record) -> Sample:
    """Of the unanswerable questions, the share that is refused."""
    return None if record.query.answerable else Share(float(record.refused))


def false_refusal_rate(record: Record) -> Sample:
    """Of the answerable questions, the share that is refused."""
    return Share(float(record.refused)) if record.query.answerable else None
