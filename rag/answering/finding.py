"""Retrieval as ``ask`` does it: in the question's language, and in that of the sources where it is another."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from rag.answering.translating import translate_question
from rag.domain import Hit, Metadata, Usage
from rag.generation.base import Generator
from rag.retrieval.retriever import Retriever


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds passages with a retriever, and a generator that translates."""

    retriever: Retriever
    generator: Generator

    def find(
        self,
        question: str,
        language: Literal["en", "zh"],
        *,
        k: int | None = None,
        filters: Metadata,
        exclude_documents: AbstractSet[str] = frozenset(),
    ) -> tuple[list[Hit], Usage]:
        """Return the ``k`` best passages for ``question``, best first, and the tokens that the model spent.

        Where the best and most of them are in the other language, the question is searched as the model translates it,
        too: what stands in both languages is found without that.

        Raises:
            ModelError: the generator failed.
        """
        hits = self.retriever.search(question, k=k, filters=filters, exclude_documents=exclude_documents)
        other: Literal["en", "zh"] = "en" if language == "zh" else "zh"
        in_other = [hit.passage.language == other for hit in hits]
        if not in_other or not in_other[0] or 2 * sum(in_other) <= len(hits):
            return hits, Usage()
        translation, usage = translate_question(question, other, self.generator)
        if not translation:
            return hits, usage
        hits = self.retriever.search(
            question, translation=translation, k=k, filters=filters, exclude_documents=exclude_documents
        )
        return hits, usage
