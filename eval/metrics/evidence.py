"""Are the sentences cited the ones that annotators chose as evidence?

Published sets write their evidence as tokens with spaces between, so a quote and a sentence match when the normalised
tokens of one stand in the other, or most of them are the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics.answers import f1_of_bags
from eval.metrics.normalisation import contains, tokens
from eval.metrics.samples import Sample, Share
from eval.records import Record

# Token F1 from which two sentences are the same one, split or written a little differently.
_SAME_FROM = 0.8


def evidence_precision(record: Record) -> Sample:
    """Of the quotes cited, the share that matches a sentence of the best alternative; averaged over those that cite."""
    shares = _shares_of_best(record)
    return Share(shares[0]) if shares and record.cited else None


def evidence_recall(record: Record) -> Sample:
    """Of the sentences of the best alternative, the share that is cited; averaged over answered questions."""
    shares = _shares_of_best(record)
    return Share(shares[1]) if shares else None


def _shares_of_best(record: Record) -> tuple[float, float] | None:
    """Return precision and recall by the alternative where their F1 is highest; None where nothing is to compare."""
    query = record.query
    if record.answer is None or record.refused or not query.answerable or not query.evidence_sentences:
        return None
    quotes = [citation.quote for citation in record.answer.citations]
    return max((_shares(quotes, sentences) for sentences in query.evidence_sentences), key=_f1)


def _shares(quotes: Sequence[str], sentences: Sequence[str]) -> tuple[float, float]:
    right = sum(any(_match(quote, sentence) for sentence in sentences) for quote in quotes)
    found = sum(any(_match(quote, sentence) for quote in quotes) for sentence in sentences)
    return right / len(quotes) if quotes else 0.0, found / len(sentences)


def _f1(shares: tuple[float, float]) -> float:
    precision, recall = shares
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _match(quote: str, sentence: str) -> bool:
    if contains(quote, sentence) or contains(sentence, quote):
        return True
    return f1_of_bags(tokens(quote), tokens(sentence)) >= _SAME_FROM
