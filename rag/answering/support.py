"""How well a source sentence supports a sentence of an answer.

Two things are weighed: how much of what the claim says, by the weight of its words, stands in the source, and how close
the two are in meaning. One thing decides: a number, date or name of the claim that the source lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np

from rag.answering.literals import Literal, extract_literals
from rag.answering.names import fold_name, names_in
from rag.domain import Language, Verdict
from rag.embedding.base import Vectors
from rag.index.analysis import content_terms
from rag.language import detect_language

TermWeight: TypeAlias = Callable[[str], float]

SUPPORTED_FROM = 0.6
PARTIAL_FROM = 0.3
# A claim with a number or a name that its source lacks stays below SUPPORTED_FROM, however close the two are.
_LACKING_CEILING = 0.5
# Cosine similarities of the default embedder: unrelated sentences of one topic, and equivalent ones. Across languages
# (False) 261 translated sentence pairs had .81 to .90, other sentences of their paragraph .76 to .84 (5% to 95%).
_COSINE_RANGE = {True: (0.80, 0.96), False: (0.76, 0.86)}


@dataclass(frozen=True)
class Statement:
    """A sentence in the forms in which it is compared.

    ``context`` is text that belongs to the sentence without standing in it, such as its heading: what it names counts
    as named, at half weight.
    """

    text: str
    vector: Vectors
    context: str = ""
    literals: Sequence[Literal] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "literals", extract_literals(self.text))

    @cached_property
    def language(self) -> Language:
        """The language of the sentence."""
        return detect_language(self.text)

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its content words."""
        return frozenset(content_terms(self.text)) if self.text.strip() else frozenset()

    @cached_property
    def context_terms(self) -> frozenset[str]:
        """The content words of its context."""
        return frozenset(content_terms(self.context)) if self.context.strip() else frozenset()

    @cached_property
    def names(self) -> Sequence[str]:
        """The names it holds, as written."""
        return names_in(self.text)

    @cached_property
    def folded(self) -> str:
        """Its text and context in the form in which names are looked up."""
        return fold_name(self.text) + "\n" + fold_name(self.context)


@dataclass(frozen=True, slots=True)
class Support:
    """The verdict on a claim against its sources. ``lacking`` are its numbers, dates and names that none holds."""

    score: float
    lacking: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """The score in words."""
        if self.score >= SUPPORTED_FROM:
            return "supported"
        return "partial" if self.score >= PARTIAL_FROM else "unsupported"


def measure_support(claim: Statement, sources: Sequence[Statement], weight: TermWeight) -> Support:
    """Score in [0, 1] how well ``sources`` together support ``claim``; ``weight`` gives a term's idf."""
    if not sources:
        return Support(0.0, ())
    lacking = lacking_facts(claim, sources)
    same_language = any(source.language == claim.language for source in sources)
    low, high = _COSINE_RANGE[same_language]
    cosine = max(float(np.dot(claim.vector, source.vector)) for source in sources)
    closeness = min(1.0, max(0.0, (cosine - low) / (high - low)))
    score = 0.65 * covered_share(claim, sources, weight) + 0.35 * closeness if same_language else closeness
    return Support(min(score, _LACKING_CEILING) if lacking else score, lacking)


def covered_share(claim: Statement, sources: Sequence[Statement], weight: TermWeight) -> float:
    """Return the share of the claim's words, by weight, that stand in the sources; their context counts half."""
    stated = frozenset[str]().union(*(source.terms for source in sources))
    nearby = frozenset[str]().union(*(source.context_terms for source in sources))
    total = covered = 0.0
    for term in claim.terms:
        mass = weight(term)
        total += mass
        covered += mass * (1.0 if term in stated else 0.5 if term in nearby else 0.0)
    return covered / total if total > 0 else 0.0


def lacking_facts(claim: Statement, sources: Sequence[Statement]) -> tuple[str, ...]:
    """Return the numbers, dates and names of ``claim`` that stand in none of ``sources``, as the claim writes them.

    Names are compared by their letters, so only where some source is in the language of the claim: 华为 and Huawei are
    one name in two writings. Numbers and dates are compared across languages too.
    """
    known = [literal for source in sources for literal in source.literals]
    lacking = [literal.text for literal in claim.literals if not literal.covered_by(known)]
    if any(source.language == claim.language for source in sources):
        folded = "\n".join(source.folded for source in sources)
        lacking += [name for name in claim.names if fold_name(name) not in folded]
    return tuple(dict.fromkeys(lacking))
