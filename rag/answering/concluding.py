"""The last step: what came of a question, as an Answer."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from rag.answering.case import Case
from rag.answering.citing import Prose
from rag.answering.refusal import near_documents, refusal_text
from rag.domain import Answer, Citation, DocumentReference, ModelInfo, Sufficiency, Timings, Usage


@dataclass(frozen=True, slots=True)
class Origin:
    """What an answer was made of: the id of the snapshot, and the model."""

    snapshot: str
    model: ModelInfo


class _Particulars(TypedDict):
    """The fields that an answer and a refusal fill alike."""

    id: str
    question: str
    standalone_question: str
    language: Literal["en", "zh"]
    snapshot: str
    model: ModelInfo
    usage: Usage
    timings_ms: Timings


def answered(
    case: Case, prose: Prose, citations: Sequence[Citation], sufficiency: Sufficiency, origin: Origin
) -> Answer:
    """Return the Answer that says ``prose``, whose markers are those of ``citations``."""
    return Answer(
        status="answered",
        text=prose.text,
        sentences=prose.sentences,
        citations=tuple(citations),
        confidence=round(sufficiency.probability or 0.0, 4),
        sufficiency=sufficiency,
        **_particulars(case, origin),
    )


def refused(
    case: Case, sufficiency: Sufficiency, references: Mapping[str, DocumentReference], origin: Origin
) -> Answer:
    """Return the Answer that says that the corpus does not, and names what is near; ``references`` are the hits'."""
    near = near_documents(case.hits, references)
    likelihood = sufficiency.gate if sufficiency.probability is None else sufficiency.probability
    return Answer(
        status="not_in_corpus",
        text=refusal_text(case.inquiry.language, near),
        sentences=(),
        citations=(),
        confidence=round(1.0 - likelihood, 4),
        near=near,
        sufficiency=sufficiency,
        **_particulars(case, origin),
    )


def _particulars(case: Case, origin: Origin) -> _Particulars:
    return {
        "id": uuid.uuid4().hex,
        "question": case.inquiry.question,
        "standalone_question": case.standalone,
        "language": case.inquiry.language,
        "snapshot": origin.snapshot,
        "model": origin.model,
        "usage": case.usage,
        "timings_ms": case.watch.timings(),
    }
