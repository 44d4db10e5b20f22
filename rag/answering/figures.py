"""Whether the figures of a claim belong to what the claim says of them.

A small model takes a figure from one sentence and puts it into another: asked for global revenue, it gives the fall in
Greater China. Every word and number of such a claim stands in the evidence, yet no sentence says it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.answering.literals import Literal, extract_literals
from rag.answering.names import is_named, names_in
from rag.answering.support import Statement, TermWeight
from rag.answering.units import measure_of
from rag.index.analysis import content_terms

# What the name of a column of dates may hold beside what happened then.
_SINCE = frozenset(content_terms("since date time 日期 时间"))
_CELL = re.compile(r"([^:]+): (.*)", re.DOTALL)


def misplaced_figures(
    claim: Statement, cited: Sequence[Statement], others: Sequence[Statement], weight: TermWeight
) -> tuple[str, ...]:
    """Return the numbers and percentages of ``claim`` that ``others`` of its language show to be in the wrong place.

    That is so where a sentence that is not cited says more of the claim's words, by weight, than all that are cited,
    gives another figure of the same kind and unit, and names what they name. Where one that is cited is in another
    language, this cannot be seen.
    Several figures that stand together in one cited sentence have not been taken from different places.
    """
    if not all(claim.is_comparable(source) for source in cited):
        return ()
    figures = [literal for literal in claim.literals if literal.is_figure]
    if len(figures) > 1 and any(all(figure.covered_by(source.literals) for figure in figures) for source in cited):
        return ()
    words = claim.terms - frozenset(term for figure in figures for term in content_terms(figure.text))
    said = _mass(words, cited, weight)
    named = [name for name in names_in(claim.text, claim.known_names) if _name_any(cited, name)]
    rivals = [
        other
        for other in others
        if claim.language == other.language
        and _mass(words, [other], weight) > said
        and all(is_named(name, other.folded) for name in named)
    ]
    return tuple(figure.text for figure in figures if any(_gives_another(rival, figure, claim) for rival in rivals))


def of_other_columns(claim: Statement, cited: Sequence[Statement]) -> tuple[str, ...]:
    """Return the numbers and dates of ``claim`` that a cited table row gives in another column than the one it names.

    A row reads "Rules: PIPL; Passed: 20 August 2021; In force: 1 November 2021"; told to be in force since August, it
    is cited all the same. That is so where the claim names the column of another value of that kind, which it does
    not give, and not the column that its own value stands in, by the words in which the two columns differ.
    """
    found: list[str] = []
    for clause in claim.clauses:
        for row in map(_cells, filter(clause.is_comparable, cited)):
            given = [cell for cell in row if any(literal.covered_by(clause.literals) for literal in cell.literals)]
            rest = [cell for cell in row if cell not in given]
            found += [
                literal.text
                for literal in clause.literals
                for cell in given
                if literal.covered_by(cell.literals)
                and any(
                    any(other.kind == literal.kind for other in rival.literals)
                    and (clause.terms | _SINCE).issuperset(rival.column - cell.column)
                    and clause.terms.isdisjoint(cell.column - rival.column)
                    for rival in rest
                )
            ]
    return tuple(dict.fromkeys(found))


def gives_further_figure(source: Statement, claim: Statement) -> bool:
    """Whether ``source`` states a number or percentage that ``claim`` does not give."""
    return any(literal.is_figure and not literal.covered_by(claim.literals) for literal in source.literals)


@dataclass(frozen=True, slots=True)
class _Cell:
    column: frozenset[str]
    literals: Sequence[Literal]


def _cells(row: Statement) -> list[_Cell]:
    """Return the cells of a table row; none where the statement is no row."""
    parts = [_CELL.fullmatch(part) for part in row.text.split("; ")]
    found = [_Cell(frozenset(content_terms(cell[1])), extract_literals(cell[2])) for cell in parts if cell]
    return found if len(found) == len(parts) > 1 else []


def _gives_another(rival: Statement, figure: Literal, claim: Statement) -> bool:
    measure = measure_of(figure, claim.text)
    alike = [
        literal
        for literal in rival.literals
        if literal.kind == figure.kind and (measure is None or measure_of(literal, rival.text) == measure)
    ]
    return bool(alike) and not figure.covered_by(rival.literals)


def _name_any(sources: Sequence[Statement], name: str) -> bool:
    return any(is_named(name, source.folded) for source in sources)


def _mass(words: frozenset[str], sources: Sequence[Statement], weight: TermWeight) -> float:
    """Return the weight of the words that stand in the sources; what stands near counts half."""
    stated = frozenset[str]().union(*(source.terms for source in sources))
    nearby = frozenset[str]().union(*(source.nearby_terms for source in sources)) - stated
    return sum(map(weight, words & stated)) + sum(map(weight, words & nearby)) / 2
