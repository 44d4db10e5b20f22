"""Pinning each sentence of an answer to the source sentences it rests on.

Attribution happens after generation: the model is not asked for markers, which small models forget or misplace. A
sentence gets the fewest source sentences that cover it, and none at all where nothing supports it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answering.directions import turned_round
from rag.answering.evidence import Evidence, source_line
from rag.answering.figures import gives_further_figure, misplaced_figures, of_other_columns
from rag.answering.markers import as_markers
from rag.answering.names import latin_names
from rag.answering.piecing import is_pieced_together
from rag.answering.support import (
    PARTIAL_FROM,
    Statement,
    Support,
    TermWeight,
    covered_share,
    lacking_facts,
    measure_support,
)
from rag.answering.units import of_other_units
from rag.domain import AnswerSentence, Citation, DocumentReference, Language
from rag.embedding.base import Embedder
from rag.index.name_pairs import NamePair
from rag.language import detect_language

_MOST_CITATIONS = 3
# A further source must bring at least this share of the claim's words, or one of its missing facts.
_LEAST_GAIN = 0.15


@dataclass(frozen=True, slots=True)
class Prose:
    """The text of an answer, with its markers, and its sentences in order."""

    text: str
    sentences: tuple[AnswerSentence, ...]


class Citer:
    """Cites the sentences of one answer, in order, and numbers the markers as they come up."""

    def __init__(  # noqa: PLR0913, PLR0917 - all that a sentence is compared with
        self,
        evidence: Evidence,
        references: dict[str, DocumentReference],
        embedder: Embedder,
        weight: TermWeight,
        name_pairs: Sequence[NamePair] = (),
        language: Language | None = None,
    ) -> None:
        self._evidence = evidence
        self._references = references
        self._embedder = embedder
        self._weight = weight
        self._name_pairs = name_pairs
        self.language = language
        self._sources = _statements(evidence)
        # Names wherever they stand.
        self.known_names = _known_names(self._sources, name_pairs)
        self._markers: dict[tuple[str, int, int], int] = {}
        self.citations: list[Citation] = []
        self.sentences: list[AnswerSentence] = []
        # How well each sentence is supported before lacking facts are counted.
        self.scores: list[float] = []
        # Numbers, dates and names of all sentences that what is cited for them lacks.
        self.lacking: set[str] = set()
        # For each sentence that is pinned to something, whether that says it together.
        self._pieced: list[bool] = []
        self.text = ""

    @property
    def prose(self) -> Prose:
        """What has been cited so far."""
        return Prose(self.text, tuple(self.sentences))

    @property
    def is_pieced_together(self) -> bool:
        """Whether every sentence that is pinned to something is put together from passages that do not say it."""
        return bool(self._pieced) and all(self._pieced)

    def cite(self, sentence: str, gap: str = "") -> AnswerSentence:
        """Add a sentence to the answer's text, after ``gap``, and pin it to its sources."""
        vector = self._embedder.embed_passages([sentence])[0]
        # Asked in Chinese, a small model may write Chinese whatever it was told.
        chinese = detect_language(sentence, short=self.language or "en") == "zh"
        written_in: Language | None = "zh" if chinese else self.language
        claim = Statement(sentence, vector, known_names=self.known_names, written_in=written_in)
        rows, support = self._attribute(claim)
        self.lacking.update(support.lacking)
        markers = tuple(sorted({self._marker(row, support.score) for row in rows}))
        start = len(self.text) + len(gap)
        self.text += gap + sentence + as_markers(markers)
        cited = AnswerSentence(
            text=sentence,
            start=start,
            end=start + len(sentence),
            verdict=support.verdict,
            support=round(support.graded, 4),
            citations=markers,
        )
        if rows:
            passages = {self._evidence.sentences[row].passage.id: self._evidence.sentences[row].passage for row in rows}
            unsure = support.verdict != "supported"
            self._pieced.append(
                unsure and is_pieced_together(claim, passages.values(), self._sources, self._name_pairs)
            )
        self.sentences.append(cited)
        self.scores.append(support.score)
        return cited

    def _attribute(self, claim: Statement) -> tuple[list[int], Support]:
        """Return the rows of the evidence that support ``claim`` best together, and how well; none if too weakly."""
        nothing = Support(0.0, ())
        if not self._sources:
            return [], nothing
        scored = [measure_support(claim, [source], self._weight, self._name_pairs) for source in self._sources]
        best = max(range(len(scored)), key=lambda row: self._fitness(claim, row, scored[row]))
        passage = self._sources[best].passage_id
        related = [
            row
            for row, support in enumerate(scored)
            if support.score >= PARTIAL_FROM or self._sources[row].passage_id == passage
        ]
        rows, support = [best], scored[best]
        while len(rows) < _MOST_CITATIONS and (further := self._further(claim, rows, related)) is not None:
            rows.append(further)
            support = self._joint_support(claim, rows, scored[best])
        chosen = [self._sources[row] for row in rows]
        others = [source for row, source in enumerate(self._sources) if row not in rows]
        support = support.without(misplaced_figures(claim, chosen, others, self._weight))
        support = support.without(of_other_columns(claim, chosen))
        support = support.without(of_other_units(claim, chosen))
        support = support.without(turned_round(claim, chosen)).within(self._sources)
        return (rows, support) if support.score >= PARTIAL_FROM else ([], support)

    def _fitness(self, claim: Statement, row: int, support: Support) -> tuple[float, int, float, int]:
        """Order sources; those that lack a fact score alike, and of them the one that says most of the rest is best."""
        source = self._sources[row]
        said = covered_share(claim, [source], self._weight) + float(np.dot(claim.vector, source.vector))
        return support.score, -len(support.lacking), said, -row

    def _joint_support(self, claim: Statement, rows: list[int], best: Support) -> Support:
        """Return how well several sources support a claim together.

        Words gathered from several sentences say less than the same words in one: any claim can be pieced together
        from enough text. So the best single source for each of its clauses counts as much as all sources together.
        """
        sources = [self._sources[row] for row in rows]
        together = measure_support(claim, sources, self._weight, self._name_pairs)
        return Support(
            (together.score + max(best.score, self._support_of_clauses(claim, sources))) / 2, together.lacking
        )

    def _support_of_clauses(self, claim: Statement, sources: Sequence[Statement]) -> float:
        """Return the support of the clauses of ``claim``, each by its best source, weighted by their words."""
        clauses = [(clause, sum(map(self._weight, clause.terms))) for clause in claim.clauses]
        total = sum(mass for _, mass in clauses)
        if total <= 0:
            return 0.0
        best = (
            mass * max(measure_support(clause, [source], self._weight, self._name_pairs).score for source in sources)
            for clause, mass in clauses
        )
        return sum(best) / total

    def _further(self, claim: Statement, rows: list[int], related: Sequence[int]) -> int | None:
        """Return the row among ``related`` that adds most to what ``rows`` say of the claim, or None if none does.

        Which words a source in another language says cannot be seen, so beside one only missing facts count. Words
        alone do not speak for a source with a figure that the claim lacks: it is about something else.
        """
        chosen = [self._sources[row] for row in rows]
        comparable = all(claim.is_comparable(source) for source in chosen)
        lacking = len(lacking_facts(claim, chosen, self._name_pairs))
        covered = covered_share(claim, chosen, self._weight)
        best, best_gain = None, 0.0
        for row in related:
            if row in rows:
                continue
            source = self._sources[row]
            facts = lacking - len(lacking_facts(claim, [*chosen, source], self._name_pairs))
            words = covered_share(claim, [*chosen, source], self._weight) - covered
            gain = facts + words
            adds_words = comparable and words >= _LEAST_GAIN and not gives_further_figure(source, claim)
            if (facts > 0 or adds_words) and gain > best_gain:
                best, best_gain = row, gain
        return best

    def _marker(self, row: int, score: float) -> int:
        sentence = self._evidence.sentences[row]
        place = (sentence.passage.document_id, sentence.start, sentence.end)
        if place not in self._markers:
            self._markers[place] = len(self._markers) + 1
            self.citations.append(
                Citation(
                    marker=self._markers[place],
                    document=self._references[sentence.passage.document_id],
                    passage_id=sentence.passage.id,
                    start=sentence.start,
                    end=sentence.end,
                    quote=sentence.text,
                    heading=sentence.passage.heading_path,
                    page=sentence.passage.page,
                    score=round(min(score, 1.0), 4),
                )
            )
        return self._markers[place]


def _statements(evidence: Evidence) -> list[Statement]:
    """Return the evidence as statements, each under its source line, after what stands before it in its passage."""
    statements: list[Statement] = []
    before = dated = ""
    passage_id = ""
    for row, (sentence, vector) in enumerate(zip(evidence.sentences, evidence.vectors, strict=True)):
        if sentence.passage.id != passage_id:
            passage_id, before, dated = sentence.passage.id, "", ""
        heading = source_line(sentence.passage)
        statements.append(Statement(sentence.text, vector, heading, before, dated, passage_id, place=row))
        before = sentence.text
        dated = before if statements[-1].gives_date else dated
    return statements


def _known_names(sources: Sequence[Statement], name_pairs: Sequence[NamePair]) -> frozenset[str]:
    """Return the words that are names: those of ``name_pairs`` and those with a capital amid a source sentence."""
    amid = {name.removesuffix("'s").removesuffix("’s") for source in sources for name in latin_names(source.text)}
    return frozenset(amid | {pair.latin for pair in name_pairs if pair.latin[0].isupper()})
