"""Whether a draft gives the kind of thing that its question asks for (answer typing, after Li and Roth, 2002)."""

from __future__ import annotations

import re

from rag.answering.literals import extract_literals
from rag.index.analysis import content_terms

_YES_OR_NO = re.compile(
    r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may)\b|吗|是否|是不是|有没有|能否|可否",
    re.IGNORECASE,
)
_WHO = re.compile(r"^(?:by )?(?:who|whom)\b|谁", re.IGNORECASE)
_WHEN = re.compile(
    r"^(?:since |until )?when\b|\b(?:what|which) (?:date|day|month|year)\b|何时|什么时候|哪一?[天年月日]", re.IGNORECASE
)
_NUMERAL = re.compile(r"[\d一二三四五六七八九十百千万亿年月日]+")


def says_what_is_asked(question: str, draft: str) -> bool:
    """Whether ``draft`` says something that ``question`` does not, of the kind asked for where that can be told.

    Who asks for a name or at least a word, when for a date; to any question but one for yes or no, a draft that only
    repeats the question is no answer.
    """
    if _YES_OR_NO.search(question):
        return True
    new = frozenset(content_terms(draft)) - frozenset(content_terms(question))
    if _WHEN.search(question):
        asked = [literal for literal in extract_literals(question) if literal.is_time]
        times = [literal for literal in extract_literals(draft) if literal.is_time]
        return any(not literal.covered_by(asked) for literal in times)
    if _WHO.search(question):
        return any(not _NUMERAL.fullmatch(term) for term in new)
    return bool(new)
