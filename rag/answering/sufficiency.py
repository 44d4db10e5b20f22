"""Does the corpus say? Decided twice: cheaply before generation, with the draft in hand after it.

Answering first and verifying what the answer is pinned to separates answerable questions from others far better than
asking a small model whether it could answer (docs/decisions/ has the figures).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from operator import itemgetter
from typing import Literal

from rag.answering.calibration import LogisticModel
from rag.answering.evidence import Evidence, citation_line, source_line
from rag.answering.literals import extract_literals
from rag.answering.names import fold_name, is_named, names_in
from rag.answering.support import TermWeight
from rag.domain import Citation, Hit, Sufficiency, Usage
from rag.embedding.base import Vectors
from rag.generation.base import Generator
from rag.generation.prompting import render
from rag.index.analysis import content_terms
from rag.index.name_pairs import NamePair, writings_of
from rag.language import HAN, detect_language

# What right answers have on most corpora with the default embedder: the cosine of the nearest sentence, the share of
# the question's words that are found, the support of the weakest sentence. Taken away, so that what tells nothing, as
# the first two do across languages, is the middle.
_USUAL_CLOSENESS = 0.89
_USUAL_COVERAGE = 0.7
_USUAL_SUPPORT = 0.7
# Source sentences that stand in for citations where a draft has none.
_UNPINNED_SENTENCES = 2
_YES_NO = {"en": ("yes", "no"), "zh": ("是", "否")}
# What a model writes when it finds no answer although it was not offered that way out.
_HEDGES = {
    "en": re.compile(
        r"\b(?:do(?:es)? not|don't|doesn't|is not|are not|isn't|no) (?:\w+ ){0,2}"
        r"(?:say|state|mention|provide|specif\w+|contain|include|mentioned|provided|stated|specified|given|information)\b"
        r"|\b(?:cannot|can't) be (?:determined|answered)\b|\bunknown\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?:没有|未|并未|无法|不能)(?:明确|直接|具体)?(?:说明|提及|提到|提供|给出|指出|得知|确定|回答|找到)"
    ),
}

# Features that decide alone.
_RULES = ("uncited", "other_dates", "other_version", "blank", "beside", "unfounded", "pieced")
# What a model writes in the place of a fact that it does not have: "[insert date]".
_BLANK = re.compile(
    r"[\[【<](?:insert|enter|date|year|name|number|amount|插入|填写|日期|年份|名称|数字|金额)[^\]】>]*[\]】>]", re.I
)


def retrieval_features(  # noqa: PLR0913, PLR0917 - a feature each
    question: str,
    question_vector: Vectors,
    hits: Sequence[Hit],
    evidence: Evidence,
    weight: TermWeight,
    name_pairs: Sequence[NamePair] = (),
) -> dict[str, float]:
    """Return what is known before generation.

    ``dense`` is the best cosine similarity of a passage to the question; ``cross`` whether the evidence is mostly in
    another language. ``near`` is the cosine of the nearest sentence in the question's language, ``coverage`` the share
    of the question's words, by weight, that stand in the evidence, both less what is usual, and 0 where the evidence
    is mostly in another language: there they tell nothing. ``lacking_numbers`` and ``lacking_names`` count what the
    question names and no evidence holds.
    """
    text = "\n".join(f"{s.passage.title}\n{' '.join(s.passage.heading_path)}\n{s.text}" for s in evidence.sentences)
    asked: Literal["en", "zh"] = "zh" if detect_language(question) == "zh" else "en"
    other = evidence.in_other_language(asked)
    cross = evidence.main_language(asked) != asked
    nearest = float((evidence.vectors @ question_vector)[~other].max(initial=0.0))
    return {
        "dense": max((hit.dense or 0.0 for hit in hits), default=0.0),
        "near": 0.0 if cross else nearest - _USUAL_CLOSENESS,
        "coverage": 0.0 if cross else _coverage(question, text, weight) - _USUAL_COVERAGE,
        "cross": float(cross),
        "lacking_numbers": float(_lacking_numbers(question, text)),
        "lacking_names": float(_lacking_names(question, text, name_pairs, other_language=bool(other.any()))),
    }


def pinned_features(question: str, draft: str, sources: str, name_pairs: Sequence[NamePair]) -> dict[str, float]:
    """Return how many facts ``sources``, what the draft is pinned to, do not hold.

    ``unpinned_*`` counts the numbers, dates and names of the question: the evidence as a whole holds most of them, but
    asked for 2023, a draft about 2024 is pinned to a sentence about 2024. ``invented_numbers`` counts the draft's own.
    """
    other_language = bool(HAN.search(sources)) != (detect_language(question) == "zh")
    return {
        "unpinned_numbers": float(_lacking_numbers(question, sources)),
        "unpinned_names": float(_lacking_names(question, sources, name_pairs, other_language=other_language)),
        "invented_numbers": float(_lacking_numbers(draft, sources)),
    }


def speaks_of_other_dates(question: str, text: str) -> bool:
    """Whether ``text`` gives dates or quarters, and not one that ``question`` names."""
    known = [literal for literal in extract_literals(text) if literal.is_time]
    asked = [literal for literal in extract_literals(question) if literal.is_time]
    return bool(known) and any(not literal.covered_by(known) for literal in asked)


def is_unfounded(question: str, draft: str, lacking: AbstractSet[str]) -> bool:
    """Whether all the numbers and dates that ``draft`` adds to the question are ``lacking`` in what is cited for it."""
    asked = extract_literals(question)
    added = [literal for literal in extract_literals(draft) if not literal.covered_by(asked)]
    return bool(added) and all(literal.text in lacking for literal in added)


def draft_features(text: str, language: Literal["en", "zh"], scores: Sequence[float]) -> dict[str, float]:
    """Return what the draft itself tells: how well its sentences are supported, whether it hedges or leaves a blank.

    ``scores`` are those of the support of its sentences; ``support`` is the least less what is usual.
    """
    supports = [min(score, 1.0) for score in scores] or [0.0]
    return {
        "support": min(supports) - _USUAL_SUPPORT,
        "support_least": min(supports),
        "support_mean": sum(supports) / len(supports),
        "hedged": float(bool(_HEDGES[language].search(text)) or not text.strip()),
        "blank": float(bool(_BLANK.search(text))),
    }


def verify(
    question: str, sources: str, language: Literal["en", "zh"], generator: Generator
) -> tuple[dict[str, float], Usage]:
    """Ask the model whether ``sources``, what a draft is pinned to, bear it out; return features and tokens spent.

    ``states_answer`` is the log-odds of yes to whether they answer exactly this question. A few pinned sentences are
    judged far better than the evidence as a whole.
    """
    yes, no = _YES_NO[language]
    prompt = render("states_answer", language, source=sources, question=question)
    logprobs, spent = generator.first_token_logprobs(prompt, [yes, no])
    return {"states_answer": logprobs[yes] - logprobs[no]}, spent


def pinned_text(citations: Sequence[Citation], evidence: Evidence) -> str:
    """Return what a draft rests on, source sentences after their source; the most relevant ones if it cites none."""
    if citations:
        return _under_sources((citation_line(citation), citation.quote) for citation in citations)
    nearest = sorted(evidence.sentences, key=lambda sentence: -sentence.relevance)[:_UNPINNED_SENTENCES]
    return _under_sources((source_line(sentence.passage), sentence.text) for sentence in nearest)


def decide(gate: float, features: Mapping[str, float], model: LogisticModel, threshold: float | None) -> Sufficiency:
    """Combine all features into the calibrated probability that the draft is right and the corpus says so.

    A draft falls under the threshold, whatever else speaks for it, if nothing of it could be pinned to a source, if it
    leaves a blank, says something beside the question or gives figures that are not founded, or if what it is pinned to
    speaks of other dates than the question or of another version of what it names: a near miss looks right in all else.
    """
    limit = model.threshold if threshold is None else threshold
    probability = model.probability(features)
    if is_ruled_out(features):
        probability = min(probability, limit / 2)
    return Sufficiency(gate, probability, limit, dict(features))


def is_ruled_out(features: Mapping[str, float]) -> bool:
    """Whether a draft with these features falls under the threshold whatever else speaks for it."""
    return any(features.get(rule) for rule in _RULES)


def is_sufficient(sufficiency: Sufficiency) -> bool:
    """Whether the question is answered."""
    return sufficiency.probability is not None and sufficiency.probability >= sufficiency.threshold


def is_sure(sufficiency: Sufficiency, least: float) -> bool:
    """Whether the question is answered with at least the probability ``least``."""
    return is_sufficient(sufficiency) and (sufficiency.probability or 0.0) >= least


def _under_sources(sentences: Iterable[tuple[str, str]]) -> str:
    """Return sentences, given with the line that names their source, which is told once for those that follow it."""
    groups = groupby(sentences, key=itemgetter(0))
    return "\n".join(f"[{line}] {' '.join(text for _, text in group)}" for line, group in groups)


def _coverage(question: str, text: str, weight: TermWeight) -> float:
    stated = frozenset(content_terms(text)) if text.strip() else frozenset()
    masses = [(term in stated, weight(term)) for term in content_terms(question)]
    total = sum(mass for _, mass in masses)
    return sum(mass for present, mass in masses if present) / total if total > 0 else 0.0


def _lacking_numbers(question: str, text: str) -> int:
    known = extract_literals(text)
    return sum(not literal.covered_by(known) for literal in extract_literals(question))


def _lacking_names(question: str, text: str, name_pairs: Sequence[NamePair], *, other_language: bool) -> int:
    """Count the names of the question that ``text`` holds in neither script.

    Where some of ``text`` is in the other language, a name whose other writing is not known may stand there unseen: it
    does not count.
    """
    folded = fold_name(text)
    lacking = 0
    for name in set(names_in(question)):
        writings = writings_of(name, name_pairs)
        held = any(is_named(writing, folded) for writing in {name, *writings})
        lacking += not held and (bool(writings) or not other_language)
    return lacking
