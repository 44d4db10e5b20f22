"""Labelled claims: does the product tell those that their evidence supports from the rest?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

from eval.bootstrap import Estimate, clustered
from eval.json_rows import read_rows, text_of
from eval.metrics.agreement import auc, balanced_accuracy
from eval.support.checker import Checker, Cited, Held, source_document
from rag.domain import Document, Verdict
from rag.errors import PinciteError

_VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_LABELS: dict[str, Verdict] = {
    "supported": "supported",
    "partially_supported": "partial",
    "not_supported": "unsupported",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim, the sentences it is held against, and what people say of it, as a verdict."""

    id: str
    text: str
    evidence: tuple[str, ...]
    label: Verdict

    @property
    def document(self) -> Document:
        """The evidence as a document, a sentence a line, named by its content: rows may share theirs."""
        text = "\n".join(self.evidence)
        return source_document(sha256(text.encode()).hexdigest()[:16], text)


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with its label and the support and verdict of its weakest sentence."""

    id: str
    label: Verdict
    verdict: Verdict
    support: float
    claim: str
    cited: Cited


def load_claims(path: Path) -> list[Claim]:
    """Load rows with ``id``, ``claim``, ``evidence`` (sentences in order) and ``label``.

    Raises:
        PinciteError: the file cannot be read, or a line lacks one of these or has another label.
    """
    remedy = "Name a file with a claim, its evidence and its label on each line."
    return [_claim(row, place) for place, row in read_rows(path, remedy)]


def by_label(claim: Claim) -> Hashable:
    """Stratum for ``--limit``."""
    return claim.label


def judge(checker: Checker, claims: Sequence[Claim]) -> Iterator[Judged]:
    """Yield each claim judged from its own evidence, in order."""
    cited = checker.cite_all([Held(claim.text, (claim.document.id,)) for claim in claims])
    for claim, found in zip(claims, cited, strict=True):
        weakest = min(found.sentences, key=lambda sentence: sentence.support)
        yield Judged(claim.id, claim.label, weakest.verdict, weakest.support, claim.text, found)


def agreement(judged: Sequence[Judged]) -> dict[str, Estimate]:
    """Estimate how well support, and the verdict "supported", tell supported claims from the rest.

    One claim may be held against several pieces of evidence: such rows are drawn together.
    """
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.claim].append(one)
    statistics = {"support_auc": _auc, "supported_balanced_accuracy": _balanced_accuracy}
    return {name: clustered(list(groups.values()), statistic) for name, statistic in statistics.items()}


def confusion(judged: Sequence[Judged]) -> dict[str, dict[str, int]]:
    """Count the claims of each label by the verdict they got."""
    pairs = [(one.label, one.verdict) for one in judged]
    return {label: {verdict: pairs.count((label, verdict)) for verdict in _VERDICTS} for label in _VERDICTS}


def _auc(judged: Sequence[Judged]) -> float | None:
    return auc([one.label == "supported" for one in judged], [one.support for one in judged])


def _balanced_accuracy(judged: Sequence[Judged]) -> float | None:
    return balanced_accuracy(
        [one.label == "supported" for one in judged], [one.verdict == "supported" for one in judged]
    )


def _claim(row: dict[str, Any], place: str) -> Claim:
    evidence = row.get("evidence")
    if not isinstance(evidence, list) or not any(str(sentence).strip() for sentence in evidence):
        raise PinciteError(f'{place} has no "evidence".', "Mend that line.")
    label = text_of(row, "label", place)
    if label not in _LABELS:
        raise PinciteError(f"{place} has the label {label!r}.", f"Labels are {', '.join(_LABELS)}.")
    return Claim(text_of(row, "id", place), text_of(row, "claim", place), tuple(map(str, evidence)), _LABELS[label])
