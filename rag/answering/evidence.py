"""Choosing the sentences that the model gets to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
        blocks = []
        for _, group in groupby(self.sentences, key=lambda sentence: sentence.passage.id):
            sentences = list(group)
            blocks.append(f"[{source_line(sentences[0].passage)}]\n" + _joined(sentences))
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
    places = [(hit, span) for hit in hits for span in own_sentences(hit.passage)]
    kept = _without_duplicates(places)
    if not kept:
        return Evidence((), np.zeros((0, question_vectors.shape[1]), dtype=np.float32))
    candidates = [places[row] for row in kept]
    texts = [hit.passage.text_of(span) for hit, span in candidates]
    vectors = np.concatenate([vectors_of(hit.passage) for hit in hits])[kept]
    relevance = _relevance((vectors @ question_vectors.T).max(axis=1), texts, [hit for hit, _ in candidates])
    chosen = _within_budget(texts, [hit.passage for hit, _ in candidates], relevance, count_tokens, budget)
    sentences = [
        EvidenceSentence(
            text=texts[row],
            start=candidates[row][1].start,
            end=candidates[row][1].end,
            passage=candidates[row][0].passage,
            relevance=float(relevance[row]),
        )
        for row in chosen
    ]
    return Evidence(tuple(sentences), vectors[chosen])


def embedding_on_the_spot(embedder: Embedder) -> SentenceVectorsOf:
    """Return what embeds the sentences of a passage when they are asked for: for passages that come from no index."""
    return lambda passage: embedder.embed_passages([passage.text_of(span) for span in own_sentences(passage)])


def narrowed(evidence: Evidence, count_tokens: Callable[[str], int], budget: int) -> Evidence:
    """Return the most relevant of the sentences of ``evidence``, chosen as ``select_evidence`` does."""
    lines = evidence.sentences
    relevance = np.array([line.relevance for line in lines], dtype=np.float32)
    passages = [line.passage for line in lines]
    chosen = _within_budget([line.text for line in lines], passages, relevance, count_tokens, budget)
    return Evidence(tuple(lines[row] for row in chosen), evidence.vectors[chosen])


def source_line(passage: Passage) -> str:
    """Return the name of a passage's source: its title and heading path."""
    return _path_line(passage.title, passage.heading_path)


def citation_line(citation: Citation) -> str:
    """Return the name of a citation's source: its title and heading path."""
    return _path_line(citation.document.title, citation.heading)


def _path_line(title: str, heading_path: Sequence[str]) -> str:
    return " › ".join([title, *(heading for heading in heading_path if heading != title)])


def _without_duplicates(candidates: Sequence[tuple[Hit, Span]]) -> list[int]:
    """Return the numbers of the candidates that repeat none before them."""
    kept: list[int] = []
    seen: set[tuple[str, int]] = set()
    kept_terms: list[frozenset[str]] = []
    for number, (hit, span) in enumerate(candidates):
        place = (hit.passage.document_id, span.start)
        terms = frozenset(content_terms(hit.passage.text_of(span)))
        if place in seen or any(_overlap(terms, other) >= _DUPLICATE_OVERLAP for other in kept_terms):
            continue
        seen.add(place)
        kept_terms.append(terms)
        kept.append(number)
    return kept


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
    texts: Sequence[str],
    passages: Sequence[Passage],
    relevance: Vectors,
    count_tokens: Callable[[str], int],
    budget: int,
) -> list[int]:
    """Return the rows chosen, in reading order: passages by their best sentence, sentences by their place."""
    left = budget
    chosen: dict[str, list[int]] = {}
    units = _units(texts, passages)
    for unit in sorted(units, key=lambda rows: -max(relevance[row] for row in rows)):
        passage = passages[unit[0]]
        cost = sum(count_tokens(texts[row]) for row in unit)
        if passage.id not in chosen:
            cost += count_tokens(source_line(passage)) + 4
        if cost <= left:
            left -= cost
            chosen.setdefault(passage.id, []).extend(unit)
    return [row for rows in chosen.values() for row in sorted(rows)]


def _units(texts: Sequence[str], passages: Sequence[Passage]) -> list[list[int]]:
    """Return the rows that are chosen together: a sentence that ends in a colon with the list after it, else one."""
    units: list[list[int]] = []
    for row, text in enumerate(texts):
        last = units[-1] if units else []
        if (
            last
            and passages[row].id == passages[last[0]].id
            and texts[last[0]].endswith((":", "："))
            and _LIST_ITEM.match(text)
            and len(last) <= _MOST_ITEMS
        ):
            last.append(row)
        else:
            units.append([row])
    return units


def _joined(sentences: Sequence[EvidenceSentence]) -> str:
    text = ""
    for before, sentence in zip([None, *sentences], sentences, strict=False):
        if before is not None:
            gap = sentence.passage.text[before.end - sentence.passage.start : sentence.start - sentence.passage.start]
            text += gap if not gap.strip() else " … "
        text += sentence.text
    return text
