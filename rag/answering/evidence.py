"""Choosing the sentences that the model gets to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from rag.answering.magnitudes import with_magnitudes
from rag.chunking.passages import own_sentences
from rag.domain import Citation, EvidenceSentence, Hit, Passage, Span
from rag.embedding.base import Embedder, Vectors
from rag.index.analysis import content_terms
from rag.language import HAN

# How much a sentence's own closeness to the question counts against the rank of its passage.
_SENTENCE_WEIGHT = 0.5
# How much of the mean similarity of a script is taken away.
_CENTRING = 0.5
_DUPLICATE_OVERLAP = 0.9
# The most tokens, between two sentences chosen of the first passage, that are read for the sake of what is kept: rows
# of a table before the one in question only mislead (docs/decisions/0037-passages-read-before.md).
_MOST_BETWEEN = 25
# The same where the first passage is read alone (docs/decisions/0041-the-first-passage-alone.md).
_MOST_BETWEEN_ALONE = 60
# The share of sentences in the question's language from which on it is answered in that.
_ENOUGH = 0.25
_LIST_ITEM = re.compile(r"(?:[-*+•]|\d{1,2}[.)])\s")
# A longer list is taken apart: it would leave no room for anything else.
_MOST_ITEMS = 12


# The vectors of a passage's own sentences, in order: float32, (sentences, dimension).
SentenceVectorsOf: TypeAlias = Callable[[Passage], Vectors]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Sentences in reading order, grouped by passage, with their vectors: shape (len(sentences), dimension)."""

    sentences: tuple[EvidenceSentence, ...]
    vectors: Vectors

    @property
    def passages(self) -> list[Passage]:
        """The passages that the sentences stand in, in order."""
        return list({line.passage.id: line.passage for line in self.sentences}.values())

    def in_other_language(self, asked: Literal["en", "zh"]) -> NDArray[np.bool_]:
        """Return for each sentence whether it is in another language than ``asked``."""
        return np.array([bool(HAN.search(line.text)) != (asked == "zh") for line in self.sentences], dtype=np.bool_)

    def main_language(self, asked: Literal["en", "zh"]) -> Literal["en", "zh"]:
        """Return ``asked`` where enough of the sentences are in it to answer from, else the other language.

        What stands in both is better told without a translation.
        """
        other = self.in_other_language(asked)
        if other.sum() <= (1 - _ENOUGH) * len(other):
            return asked
        return "en" if asked == "zh" else "zh"

    def as_prompt_text(self, language: Literal["en", "zh"]) -> str:
        """Return the evidence as the prompt shows it to one who answers in ``language``.

        A line names each source, then come its sentences, with large numbers told in the units of that language.
        """
        groups = groupby(self.sentences, key=lambda line: line.passage.id)
        blocks = [_block(lines[0].passage, lines) for lines in (list(group) for _, group in groups)]
        return with_magnitudes("\n\n".join(blocks), language)


def select_evidence(
    question_vectors: Vectors,
    hits: Sequence[Hit],
    vectors_of: SentenceVectorsOf,
    count_tokens: Callable[[str], int],
    budget: int,
) -> Evidence:
    """Choose the sentences of ``hits`` most relevant to the question until ``budget`` tokens are spent.

    Relevance mixes the sentence's cosine similarity to the question with the score of its passage, so that the best
    passage stays nearly whole and lower ones give only what speaks to the question. A list is chosen with the
    sentence that leads to it, or not at all. Headings, which the source line shows, and sentences that repeat another
    are left out. ``question_vectors`` are those of the question and of its parts, shape (parts, dimension); a sentence
    is as relevant as it is to the nearest. ``vectors_of`` gives the vectors of a passage's own sentences.
    """
    candidates = [(hit, span) for hit in hits for span in own_sentences(hit.passage)]
    if not candidates:
        return Evidence((), np.zeros((0, question_vectors.shape[1]), dtype=np.float32))
    texts = [hit.passage.text_of(span) for hit, span in candidates]
    vectors = np.concatenate([vectors_of(hit.passage) for hit in hits])
    relevance = _relevance((vectors @ question_vectors.T).max(axis=1), texts, [hit for hit, _ in candidates])
    sentences = [
        EvidenceSentence(text=text, start=span.start, end=span.end, passage=hit.passage, relevance=float(relevant))
        for text, (hit, span), relevant in zip(texts, candidates, relevance, strict=True)
    ]
    return _within_budget(sentences, vectors, count_tokens, budget)


def embedding_on_the_spot(embedder: Embedder) -> SentenceVectorsOf:
    """Return what embeds the sentences of a passage when they are asked for: for passages that come from no index."""
    return lambda passage: embedder.embed_passages([passage.text_of(span) for span in own_sentences(passage)])


def narrowed(evidence: Evidence, count_tokens: Callable[[str], int], budget: int) -> Evidence:
    """Return the most relevant of the sentences of ``evidence``, chosen as ``select_evidence`` does."""
    return _within_budget(evidence.sentences, evidence.vectors, count_tokens, budget)


def first_passage(evidence: Evidence, vectors_of: SentenceVectorsOf, count_tokens: Callable[[str], int]) -> Evidence:
    """Return the passage that comes first in ``evidence``, up to the last sentence chosen of it.

    Where much is left out before that, it stays left out.
    """
    passage = evidence.sentences[0].passage
    chosen = {line.start: line for line in evidence.sentences if line.passage.id == passage.id}
    spans = [span for span in own_sentences(passage) if span.start <= max(chosen)]
    between = sum(count_tokens(passage.text_of(span)) for span in spans if span.start not in chosen)
    rows = [row for row, span in enumerate(spans) if between <= _MOST_BETWEEN_ALONE or span.start in chosen]
    lines = [
        chosen.get(span.start) or EvidenceSentence(passage.text_of(span), span.start, span.end, passage, relevance=0.0)
        for span in (spans[row] for row in rows)
    ]
    return Evidence(tuple(lines), vectors_of(passage)[rows])


def whole_passage(passage: Passage, language: Literal["en", "zh"]) -> str:
    """Return what the evidence begins with where ``passage`` comes first and is read whole."""
    return with_magnitudes(_block(passage, own_sentences(passage)), language)


def source_line(passage: Passage) -> str:
    """Return the name of a passage's source: its title and heading path."""
    return _path_line(passage.title, passage.heading_path)


def citation_line(citation: Citation) -> str:
    """Return the name of a citation's source: its title and heading path."""
    return _path_line(citation.document.title, citation.heading)


def _path_line(title: str, heading_path: Sequence[str]) -> str:
    return " › ".join([title, *(heading for heading in heading_path if heading != title)])


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard similarity; sets too small to tell anything count as different."""
    union = one | other
    return len(one & other) / len(union) if len(union) > 4 else 0.0


def _relevance(similarities: Vectors, texts: Sequence[str], hits: Sequence[Hit]) -> Vectors:
    """Return the relevance of each sentence; ``hits`` are the hits they come from.

    As in retrieval (``rag.retrieval.fusion.above_language``), what the sentences of one script have in common is
    taken away, here by half: a question is closer to its own language whatever that says, yet of two sentences that
    say the same the one in its own language reads better.
    """
    chinese = np.array([bool(HAN.search(text)) for text in texts])
    centred = similarities.copy()
    for group in (chinese, ~chinese):
        if group.any():
            centred[group] -= _CENTRING * (similarities[group].mean() - similarities.mean())
    spread = float(centred.max() - centred.min()) or 1.0
    closeness = (centred - centred.min()) / spread
    scores = np.asarray([hit.score for hit in hits], dtype=np.float32)
    return np.asarray(_SENTENCE_WEIGHT * closeness + (1 - _SENTENCE_WEIGHT) * scores, dtype=np.float32)


def _within_budget(
    lines: Sequence[EvidenceSentence], vectors: Vectors, count_tokens: Callable[[str], int], budget: int
) -> Evidence:
    """Return those chosen, in reading order: passages by their best sentence, sentences by their place.

    Little is left out of the first passage up to the last sentence chosen: what the model computed of its beginning
    may be kept.
    """
    counted = cache(count_tokens)
    chosen: dict[str, list[int]] = {}
    left = budget
    for unit in sorted(_units(lines), key=lambda rows: -max(lines[row].relevance for row in rows)):
        passage = lines[unit[0]].passage
        taken = [row for rows in chosen.values() for row in rows]
        line = 0 if passage.id in chosen else counted(source_line(passage)) + 4
        leads = not chosen or passage.id == next(iter(chosen))
        fresh = [row for row in unit if not any(_repeats(lines[row], lines[other]) for other in taken)]
        cost = line + sum(counted(lines[row].text) for row in fresh)
        if not fresh or cost > left:
            continue
        before = [row for row in _before(unit[0], lines) if row not in taken] if leads else []
        further = sum(counted(lines[row].text) for row in before)
        if further <= min(_MOST_BETWEEN, left - cost):
            fresh, cost = [*before, *fresh], cost + further
        left -= cost
        chosen.setdefault(passage.id, []).extend(fresh)
    rows = [row for rows in chosen.values() for row in sorted(rows)]
    return Evidence(tuple(lines[row] for row in rows), vectors[rows])


def _before(row: int, lines: Sequence[EvidenceSentence]) -> list[int]:
    """Return the rows of the passage of ``row`` before it."""
    return [before for before in range(row) if lines[before].passage.id == lines[row].passage.id]


def _repeats(line: EvidenceSentence, other: EvidenceSentence) -> bool:
    """Whether two sentences are one, or say the same in nearly the same words."""
    if (line.passage.document_id, line.start) == (other.passage.document_id, other.start):
        return True
    return _overlap(_terms(line.text), _terms(other.text)) >= _DUPLICATE_OVERLAP


@lru_cache(maxsize=4096)
def _terms(text: str) -> frozenset[str]:
    return frozenset(content_terms(text))


def _units(lines: Sequence[EvidenceSentence]) -> list[list[int]]:
    """Return the rows that are chosen together: a sentence that ends in a colon with the list after it, else one."""
    units: list[list[int]] = []
    for row, line in enumerate(lines):
        last = units[-1] if units else []
        if (
            last
            and line.passage.id == lines[last[0]].passage.id
            and lines[last[0]].text.endswith((":", "："))
            and _LIST_ITEM.match(line.text)
            and len(last) <= _MOST_ITEMS
        ):
            last.append(row)
        else:
            units.append([row])
    return units


def _block(passage: Passage, sentences: Sequence[Span | EvidenceSentence]) -> str:
    """Return sentences of ``passage`` under a line that names their source."""
    text = f"[{source_line(passage)}]\n"
    before: Span | EvidenceSentence | None = None
    for sentence in sentences:
        if before is not None:
            gap = passage.text[before.end - passage.start : sentence.start - passage.start]
            text += gap if not gap.strip() else " … "
        text += passage.text[sentence.start - passage.start : sentence.end - passage.start]
        before = sentence
    return text
