"""Is the answer right, and how close are its words to the reference?"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

from eval.metrics.normalisation import contains, tokens
from eval.suites import Query

# A reference longer than this is a model answer to compare with, no form that an answer would contain word for word.
LONGEST_FORM_TOKENS = 16
_HAN = re.compile(r"[\u3400-\u9fff]")
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def is_right(text: str, query: Query) -> bool | None:
    """Return whether ``text`` holds an accepted answer of ``query``; None where only long references exist."""
    wanted = _ways_to_be_right(query)
    if not wanted:
        return None
    right = any(all(any(contains(text, form) for form in group) for group in groups) for groups in wanted)
    return right and not any(contains(text, fake) for fake in query.fake_answers)


def _ways_to_be_right(query: Query) -> list[list[Sequence[str]]]:
    """Return alternatives, each a list of groups, each of which must have one form in the answer."""
    if query.answer_groups:
        return [list(query.answer_groups)]
    if query.answer_alternatives:
        return [[[form] for form in forms] for forms in query.answer_alternatives]
    short = [form for form in query.answers if len(tokens(form)) <= LONGEST_FORM_TOKENS]
    return [[short]] if short else []


def references(query: Query) -> tuple[str, ...]:
    """Return the texts that token F1 and ROUGE-L compare an answer with."""
    if query.answers:
        return query.answers
    if query.answer_alternatives:
        return tuple(" ".join(forms) for forms in query.answer_alternatives)
    return (" ".join(group[0] for group in query.answer_groups),) if query.answer_groups else ()


def token_f1(text: str, reference: str) -> float:
    """Return the F1 of the bags of words (Rajpurkar et al. 2016); a Han character counts as a word."""
    return f1_of_bags(_words(text), _words(reference))


def f1_of_bags(predicted: Sequence[str], gold: Sequence[str]) -> float:
    """Return the F1 of two bags of words."""
    common = sum((Counter(predicted) & Counter(gold)).values())
    return 2 * common / (len(predicted) + len(gold)) if common else 0.0


def rouge_l(text: str, reference: str) -> float:
    """Return ROUGE-L, the F1 of the longest common subsequence of words (Lin 2004); a Han character is a word."""
    predicted, gold = _words(text), _words(reference)
    # lengths[j] is the longest common subsequence of the words seen so far with the first j gold words.
    lengths = [0] * (len(gold) + 1)
    for word in predicted:
        diagonal = 0
        for j, other in enumerate(gold, start=1):
            above = lengths[j]
            lengths[j] = diagonal + 1 if word == other else max(above, lengths[j - 1])
            diagonal = above
    return 2 * lengths[-1] / (len(predicted) + len(gold)) if lengths[-1] else 0.0


def _words(text: str) -> list[str]:
    """Return words by SQuAD's normalisation (case, ASCII punctuation and articles gone); by tokens for Chinese."""
    if _HAN.search(text):
        return list(tokens(text))
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()
