"""How well a source sentence supports a sentence of an answer.

Two things are weighed: how much of what the claim says, by the weight of its words, stands in the source, and how close
the two are in meaning. One thing decides: a number, date or name of the claim that the source lacks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from rag.answering.literals import Literal, extract_literals
from rag.answering.names import fold_name, is_named, names_in
from rag.domain import Language, Verdict
from rag.embedding.base import Vectors
from rag.index.analysis import content_terms
from rag.index.name_pairs import NamePair, is_written_in
from rag.language import HAN, detect_language

TermWeight: TypeAlias = Callable[[str], float]

SUPPORTED_FROM = 0.45
PARTIAL_FROM = 0.3
# What a claim with a number, date or name that its source lacks scores at most, however close the two are.
_LACKING_CEILING = 0.5
# Across languages a claim is ``supported`` from here on only; below, and where names may stand in its source unseen, it
# scores no more than the ceiling.
_SUPPORTED_ACROSS_FROM, _CEILING_ACROSS = 0.6, 0.44
# How much support each lacking fact leaves: one that another sentence of the evidence holds, and one that none does.
_HELD_ELSEWHERE, _HELD_NOWHERE = 0.9, 0.63
_CLAUSE_BORDER = re.compile(r"[,;，；、。](?!\d)|\b(?:while|whereas|and|but)\b|而|但", re.IGNORECASE)
_ABOUT_TIMES = "early late end middle quarter year month 截至 截止 早在 自从 初 末 底"
_REPORTING = "according said says reported 根据 按照 依据"
# Cosine similarities of the default embedder: unrelated sentences of one topic, and equivalent ones. Across languages
# (False) 261 translated sentence pairs had .81 to .90, other sentences of their paragraph .76 to .84 (5% to 95%).
_COSINE_RANGE = {True: (0.80, 0.96), False: (0.76, 0.86)}


@dataclass(frozen=True)
class Statement:
    """A sentence in the forms in which it is compared.

    ``heading`` names the place it comes from: what it says counts as said. ``before`` is the sentence in front of it,
    ``dated`` the nearest one in front of it that gives a date, which may be the one that this one means; ``place``
    orders the sentences of a passage. ``written_in`` is its language where that is known: a Chinese sentence may hold
    more Latin letters than Chinese ones. ``known_names`` are words that are names wherever they stand, so that one is
    seen at the start of a sentence, where every word has a capital.
    """

    text: str
    vector: Vectors
    heading: str = ""
    before: str = ""
    dated: str = ""
    passage_id: str = ""
    known_names: frozenset[str] = frozenset()
    written_in: Language | None = None
    place: int = 0

    @cached_property
    def language(self) -> Language:
        """The language of the sentence: the one that it is known to be written in, else what it looks like."""
        return self.written_in or detect_language(self.text)

    def is_comparable(self, other: Statement) -> bool:
        """Whether the words of ``other`` can be compared with those of this one.

        A row of a glossary holds both languages; its Chinese words can be compared with Chinese ones.
        """
        return self.language == other.language or (self.language == "zh" and HAN.search(other.text) is not None)

    @cached_property
    def clauses(self) -> Sequence[Statement]:
        """Its clauses, each with the vector of the whole. A time that stands alone says when the next one holds."""
        parts: list[str] = []
        when = ""
        for part in filter(str.strip, _CLAUSE_BORDER.split(self.text)):
            if _is_only_a_time(part):
                when += f"{part}, "
            else:
                parts.append(when + part)
                when = ""
        if when:
            parts[-1:] = [", ".join([*parts[-1:], when])]
        return [
            Statement(part, self.vector, known_names=self.known_names, written_in=self.written_in) for part in parts
        ]

    @cached_property
    def terms(self) -> frozenset[str]:
        """Its content words."""
        return frozenset(content_terms(self.text)) if self.text.strip() else frozenset()

    @cached_property
    def heading_terms(self) -> frozenset[str]:
        """The content words of its heading."""
        return frozenset(content_terms(self.heading)) if self.heading.strip() else frozenset()

    @cached_property
    def nearby_terms(self) -> frozenset[str]:
        """The content words of its heading and of the sentence before it."""
        nearby = f"{self.heading}\n{self.before}"
        return frozenset(content_terms(nearby)) if nearby.strip() else frozenset()

    @cached_property
    def literals(self) -> Sequence[Literal]:
        """The numbers and dates that it states; the last dates before it where it has none of its own."""
        own = extract_literals(self.text) + extract_literals(self.heading)
        if any(literal.is_time for literal in own):
            return own
        return own + [literal for literal in extract_literals(self.dated) if literal.is_time]

    @property
    def gives_date(self) -> bool:
        """Whether its own words give a date or quarter."""
        return any(literal.is_time for literal in extract_literals(self.text))

    @cached_property
    def folded(self) -> str:
        """Its text and heading in the form in which names are looked up."""
        return fold_name(self.text) + "\n" + fold_name(self.heading)


def _is_only_a_time(clause: str) -> bool:
    """Whether a date or quarter is all that ``clause`` says."""
    times = [literal.text for literal in extract_literals(clause) if literal.is_time]
    said = frozenset(content_terms(f"{' '.join(times)} {_ABOUT_TIMES}"))
    return bool(times) and said.issuperset(content_terms(clause))


@dataclass(frozen=True, slots=True)
class Support:
    """The verdict on a claim against its sources.

    ``lacking`` are its numbers, dates and names that its sources do not hold, ``absent`` those of them that no other
    sentence of the evidence holds.
    """

    score: float
    lacking: tuple[str, ...]
    absent: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The score in words; a claim with a fact that its sources lack is never ``supported``."""
        if self.score >= SUPPORTED_FROM and not self.lacking:
            return "supported"
        return "partial" if self.score >= PARTIAL_FROM else "unsupported"

    @property
    def graded(self) -> float:
        """The score in [0, 1], less with every lacking fact."""
        held_elsewhere = len(self.lacking) - len(self.absent)
        return min(1.0, self.score * _HELD_ELSEWHERE**held_elsewhere * _HELD_NOWHERE ** len(self.absent))

    def without(self, facts: tuple[str, ...]) -> Support:
        """Return the verdict once ``facts`` are known to be lacking too."""
        lacking = tuple(dict.fromkeys(self.lacking + facts))
        return Support(min(self.score, _LACKING_CEILING) if lacking else self.score, lacking, self.absent)

    def within(self, evidence: Sequence[Statement]) -> Support:
        """Return the verdict once it is known what ``evidence``, all that was read, holds of the lacking facts."""
        literals = [literal for statement in evidence for literal in statement.literals]
        folded = "\n".join(statement.folded for statement in evidence)
        absent = tuple(fact for fact in self.lacking if not _holds(fact, literals, folded))
        return Support(self.score, self.lacking, absent)


def _holds(fact: str, literals: Sequence[Literal], folded: str) -> bool:
    figures = extract_literals(fact)
    return all(figure.covered_by(literals) for figure in figures) if figures else is_named(fact, folded)


def measure_support(
    claim: Statement, sources: Sequence[Statement], weight: TermWeight, name_pairs: Sequence[NamePair] = ()
) -> Support:
    """Score in [0, 1] how well ``sources`` together support ``claim``; ``weight`` gives a term's idf.

    Across languages words cannot be compared, so there closeness in meaning is weighed by the share of the claim's
    names that the sources hold in either script: sentences about different things are close all too easily. Names that
    may stand there unseen count half, but never make a claim ``supported``.
    """
    if not sources:
        return Support(0.0, ())
    same_language = any(claim.is_comparable(source) for source in sources)
    low, high = _COSINE_RANGE[same_language]
    cosine = max(float(np.dot(claim.vector, source.vector)) for source in sources)
    closeness = min(1.0, max(0.0, (cosine - low) / (high - low)))
    if same_language:
        score = 0.65 * covered_share(claim, sources, weight) + 0.35 * closeness
    else:
        held, perhaps = _shares_of_names(claim, sources, name_pairs)
        score = closeness * (0.5 + 0.5 * held)
        if score < _SUPPORTED_ACROSS_FROM:
            score = min(closeness * (0.5 + 0.5 * perhaps), _CEILING_ACROSS)
    return Support(score, ()).without(lacking_facts(claim, sources, name_pairs))


def covered_share(claim: Statement, sources: Sequence[Statement], weight: TermWeight) -> float:
    """Return the share of the claim's words, by weight, that stand in the sources; what stands near counts half."""
    stated = frozenset[str]().union(*(source.terms for source in sources))
    nearby = frozenset[str]().union(*(source.nearby_terms for source in sources))
    total = covered = 0.0
    for term in claim.terms:
        mass = weight(term)
        total += mass
        covered += mass * (1.0 if term in stated else 0.5 if term in nearby else 0.0)
    return covered / total if total > 0 else 0.0


def lacking_facts(
    claim: Statement, sources: Sequence[Statement], name_pairs: Sequence[NamePair] = ()
) -> tuple[str, ...]:
    """Return the numbers, dates and names of ``claim`` that its sources lack, as the claim writes them.

    The numbers and dates of one clause must stand in one source: 46 million from one sentence and the fourth quarter
    from another do not make 46 million in the fourth quarter. Its names may stand in another of the sources, before it
    in the same passage: running text names its subject once; or in one that gives all the numbers and dates as well:
    what is said of two subjects stands in two places. Within a language names are compared by their letters; across
    languages only those are missed whose other writing ``name_pairs`` knows.
    """
    lacking: list[str] = []
    for clause in claim.clauses:
        fewest: list[str] = min((_lacking_in(clause, source, sources, name_pairs) for source in sources), key=len)
        lacking += fewest
    return tuple(dict.fromkeys(lacking))


def _lacking_in(
    clause: Statement, source: Statement, sources: Sequence[Statement], name_pairs: Sequence[NamePair]
) -> list[str]:
    lacking = [
        literal.text
        for literal in clause.literals
        if not literal.covered_by(source.literals) or (literal.is_time and not _speaks_of(clause, source))
    ]
    folded = "\n".join(
        other.folded
        for other in sources
        if other is source or _may_name_its_subject(other, source) or _gives_all_figures(other, clause)
    )
    if clause.is_comparable(source):
        names = names_in(clause.text, clause.known_names)
        return lacking + [name for name in names if not is_named(name, folded)]
    return lacking + [name for name, held in _paired_names(clause, folded, name_pairs) if not held]


def _may_name_its_subject(other: Statement, source: Statement) -> bool:
    return other.passage_id == source.passage_id and other.place <= source.place


def _speaks_of(clause: Statement, source: Statement) -> bool:
    """Whether ``source`` or its heading says a word of ``clause`` that is no name or number.

    If not, its date is of something else.
    """
    if not clause.is_comparable(source):
        return True
    facts = [*names_in(clause.text, clause.known_names), *(literal.text for literal in clause.literals)]
    words = clause.terms.difference(content_terms(_REPORTING), *(content_terms(fact) for fact in facts))
    return not words or not words.isdisjoint(source.terms | source.heading_terms)


def _gives_all_figures(source: Statement, clause: Statement) -> bool:
    figures = clause.literals
    return bool(figures) and all(figure.covered_by(source.literals) for figure in figures)


def _paired_names(claim: Statement, folded: str, name_pairs: Sequence[NamePair]) -> list[tuple[str, bool]]:
    """Return the names of the claim that are known in both scripts, and whether ``folded`` holds one of the two."""
    held: dict[str, bool] = {}
    for pair in name_pairs:
        name = pair.latin if claim.language != "zh" else pair.han
        if (pair.latin[0].isupper() or claim.language == "zh") and is_written_in(name, claim.text):
            held[name] = held.get(name, False) or fold_name(pair.latin) in folded or fold_name(pair.han) in folded
    return list(held.items())


def _shares_of_names(
    claim: Statement, sources: Sequence[Statement], name_pairs: Sequence[NamePair]
) -> tuple[float, float]:
    """Return the share of the claim's names that the sources hold in either script, and with those they may hold half.

    May hold: nobody says how the other language writes the name. Both are 1 where the claim names nothing.
    """
    folded = "\n".join(source.folded for source in sources)
    paired = dict(_paired_names(claim, folded, name_pairs))
    others = [name for name in names_in(claim.text, claim.known_names) if not any(name in known for known in paired)]
    known = [is_named(name, folded) for name in others]
    count, held = len(paired) + len(known), sum(paired.values()) + sum(known)
    return (held / count, (held + (len(known) - sum(known)) / 2) / count) if count else (1.0, 1.0)
