"""What an answer says when the corpus does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from rag.domain import DocumentReference, Hit

_MOST_NEAR = 3
_SAYS_NOT = {"en": "The corpus does not say.", "zh": "语料库中没有这个问题的答案。"}
_NEAR = {"en": " Not an answer, but near: {titles}.", "zh": "以下文档并非答案，但内容相近：{titles}。"}
_SEPARATOR = {"en": "; ", "zh": "；"}


def refusal_text(language: Literal["en", "zh"], near: Sequence[DocumentReference]) -> str:
    """Return a plain refusal in ``language`` that names the ``near`` documents."""
    titles = _SEPARATOR[language].join(reference.title for reference in near)
    return _SAYS_NOT[language] + (_NEAR[language].format(titles=titles) if titles else "")


def near_documents(hits: Sequence[Hit], references: Mapping[str, DocumentReference]) -> tuple[DocumentReference, ...]:
    """Return the documents of the best hits, each once, best first."""
    ids = dict.fromkeys(hit.passage.document_id for hit in hits)
    return tuple(references[document_id] for document_id in list(ids)[:_MOST_NEAR])
