"""All metrics of a run, overall and by slice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from eval.bootstrap import Estimate, mean, quantile, ratio
from eval.metrics.answers import is_right, references, rouge_l, token_f1
from eval.metrics.citations import citation_precision, citation_recall, sentence_support
from eval.metrics.evidence import evidence_precision, evidence_recall
from eval.metrics.refusals import false_refusal_rate, refusal_precision, refusal_recall
from eval.metrics.retrieval import retrieval_samples
from eval.metrics.samples import Sample, Share
from eval.records import Record
from eval.replaying import is_replayed
from eval.runner import Stage

Metrics: TypeAlias = dict[str, Estimate]

SLICES: dict[str, Callable[[Record], str]] = {
    "suite": lambda record: record.query.suite,
    "language": lambda record: record.query.language,
    "type": lambda record: record.query.type,
}


@dataclass(frozen=True, slots=True)
class Scores:
    """The metrics of all records, and of each slice: dimension, then its value, then the metrics."""

    overall: Metrics
    slices: dict[str, dict[str, Metrics]]


def score(records: Sequence[Record], stage: Stage) -> Scores:
    """Compute the metrics of ``stage``, overall and for each slice that splits the records."""
    samples = samples_of(records, stage)
    slices: dict[str, dict[str, Metrics]] = {}
    for dimension, key in SLICES.items():
        values = sorted({key(record) for record in records} - {""})
        if len(values) > 1:
            rows = {value: [i for i, record in enumerate(records) if key(record) == value] for value in values}
            slices[dimension] = {value: _metrics(records, samples, rows[value]) for value in values}
    return Scores(_metrics(records, samples, range(len(records))), slices)


def samples_of(records: Sequence[Record], stage: Stage) -> dict[str, list[Sample]]:
    """Return what each record adds to each metric of ``stage``, in the order of the records."""
    samples = retrieval_samples(records) if stage is not Stage.READER else {}
    if stage is not Stage.RETRIEVAL:
        samples |= {name: [sample(record) for record in records] for name, sample in _ANSWER_METRICS.items()}
    return samples


def costs_of(records: Sequence[Record]) -> dict[str, list[Sample]]:
    """Return the seconds of each answer, unless it is replayed, and its prompt tokens, in the order of the records."""
    answers = [record.answer for record in records]
    return {
        "answer_s": [
            Share(answer.timings_ms.total / 1000) if answer and not is_replayed(answer) else None for answer in answers
        ],
        "prompt_tokens": [Share(answer.usage.prompt_tokens) if answer else None for answer in answers],
    }


def answer_accuracy(record: Record) -> Sample:
    """Share of answerable questions answered right; a refusal is wrong."""
    right = is_right(record.answer_text, record.query) if record.query.answerable else None
    return None if right is None else Share(float(right))


def _against_references(closeness: Callable[[str, str], float]) -> Callable[[Record], Sample]:
    def sample(record: Record) -> Sample:
        """Closeness to the nearest reference, over answerable questions; 0 for a refusal."""
        wanted = references(record.query) if record.query.answerable else ()
        return Share(max(closeness(record.answer_text, reference) for reference in wanted)) if wanted else None

    return sample


_ANSWER_METRICS: dict[str, Callable[[Record], Sample]] = {
    "answer_accuracy": answer_accuracy,
    "token_f1": _against_references(token_f1),
    "rouge_l": _against_references(rouge_l),
    "refusal_precision": refusal_precision,
    "refusal_recall": refusal_recall,
    "false_refusal_rate": false_refusal_rate,
    "citation_precision": citation_precision,
    "citation_recall": citation_recall,
    "evidence_precision": evidence_precision,
    "evidence_recall": evidence_recall,
    "sentence_support": sentence_support,
}


def _metrics(records: Sequence[Record], samples: dict[str, list[Sample]], rows: Sequence[int]) -> Metrics:
    metrics = {name: ratio([values[i] for i in rows]) for name, values in samples.items()}
    answers = [answer for i in rows if (answer := records[i].answer) is not None]
    if "answer_accuracy" in samples:
        timed = [answer for answer in answers if not is_replayed(answer)]
        first = [answer.timings_ms.first_token / 1000 for answer in timed if answer.timings_ms.first_token]
        whole = [answer.timings_ms.total / 1000 for answer in timed]
        metrics["first_token_s"] = quantile(first, 0.5)
        metrics["first_token_p95_s"] = quantile(first, 0.95)
        metrics["answer_s"] = quantile(whole, 0.5)
        metrics["answer_p95_s"] = quantile(whole, 0.95)
        metrics["prompt_tokens"] = mean([answer.usage.prompt_tokens for answer in answers])
    return metrics
