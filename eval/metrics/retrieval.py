"""Recall, nDCG and reciprocal rank of documents, each ranked by its best passage; the measures of ir-measures."""

from __future__ import annotations

from collections.abc import Sequence

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from eval.metrics.samples import Sample, Share
from eval.records import Record

_MEASURES = {"recall@1": R @ 1, "recall@5": R @ 5, "recall@10": R @ 10, "ndcg@10": nDCG @ 10, "mrr@10": RR @ 10}
NAMES = tuple(_MEASURES)


def retrieval_samples(records: Sequence[Record]) -> dict[str, list[Sample]]:
    """Return each measure's sample of each record; only records with relevant documents count."""
    samples: dict[str, list[Sample]] = {name: [None] * len(records) for name in NAMES}
    counted = [i for i, record in enumerate(records) if record.query.relevant]
    qrels = [Qrel(str(i), document, 1) for i in counted for document in set(records[i].query.relevant)]
    run = [
        ScoredDoc(str(i), document, -float(rank))
        for i in counted
        for rank, document in enumerate(records[i].ranking, start=1)
    ]
    names = {measure: name for name, measure in _MEASURES.items()}
    for metric in ir_measures.iter_calc(list(names), qrels, run):
        samples[names[metric.measure]][int(metric.query_id)] = Share(metric.value)
    return samples
