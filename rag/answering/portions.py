"""What the model reads of the evidence for one draft after the other: the passage that comes first, more, all of it.

A small model errs less where it reads less, and what comes first it may have read before
(docs/decisions/0017-read-less-first.md, 0041-the-first-passage-alone.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rag.answering.evidence import Evidence, SentenceVectorsOf, first_passage, narrowed
from rag.retrieval.compound import parts_of

# From which probability a draft stands without reading more: more likely right than not, and by more where it is not
# known what the other passages say.
_SURE = 0.5
_SURE_ALONE = 0.6
# What a question says that asks the same of several things, which seldom stand in one passage.
_OF_SEVERAL = re.compile(r"分别|各自|\b(?:respectively|both|each)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Portion:
    """Part of the evidence, and what becomes of a draft from it.

    The draft stands, and nothing more is read, from the probability ``sure`` on. A less probable one is compared with
    those from other portions, unless the portion is only ``tried``.
    """

    evidence: Evidence
    tried: bool = False

    @property
    def sure(self) -> float:
        """The probability from which on a draft stands."""
        return _SURE_ALONE if self.tried else _SURE


@dataclass(frozen=True, slots=True)
class Portioning:
    """How evidence is taken apart. ``budget`` is that of the tokens which each part of a question needs."""

    vectors_of: SentenceVectorsOf
    count_tokens: Callable[[str], int]
    budget: int

    def portions(self, question: str, language: Literal["en", "zh"], evidence: Evidence) -> list[Portion]:
        """Return what is read of ``evidence`` for a question in ``language``, the least first.

        The parts of a question may need a passage each, and so may several things. A first passage in the other
        language is tried alone only where the question could be answered in its own: across languages the model is
        seldom sure of an answer, but among passages of both it mostly has the best one before it.
        """
        parts = len(parts_of(question))
        first = narrowed(evidence, self.count_tokens, self.budget * parts)
        if not first.sentences:
            return [Portion(evidence)]
        read = [Portion(first)]
        if len(first.sentences) < len(evidence.sentences):
            read.append(Portion(evidence))
        if parts > 1 or _OF_SEVERAL.search(question):
            return read
        alone = first_passage(first, self.vectors_of, self.count_tokens)
        if alone.sentences == first.sentences:
            return read
        if language not in {alone.main_language(language), evidence.main_language(language)}:
            return read
        return [Portion(alone, tried=True), *read]
