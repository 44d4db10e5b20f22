"""Do the citations point where the answer is, and do the answer's sentences rest on them?"""

from __future__ import annotations

from eval.metrics.samples import Sample, Share
from eval.records import Record


def citation_precision(record: Record) -> Sample:
    """Of the documents cited, the share that is relevant; averaged over answered questions that cite."""
    if not (_counts(record) and record.cited):
        return None
    return Share(len(record.cited & set(record.query.relevant)) / len(record.cited))


def citation_recall(record: Record) -> Sample:
    """Of the relevant documents, the share that is cited; averaged over answered questions."""
    if not _counts(record):
        return None
    relevant = set(record.query.relevant)
    return Share(len(record.cited & relevant) / len(relevant))


def sentence_support(record: Record) -> Sample:
    """Of all sentences of all answers, the share with the verdict "supported"."""
    if record.answer is None or record.refused or not record.answer.sentences:
        return None
    supported = sum(sentence.verdict == "supported" for sentence in record.answer.sentences)
    return Share(supported, len(record.answer.sentences))


def _counts(record: Record) -> bool:
    return record.answered and record.query.answerable and bool(record.query.relevant)
