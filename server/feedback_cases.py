"""Complaints as evaluation cases: what was cited wrongly becomes a question of the form of ``eval/qa``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from rag.domain import Answer, AnswerSentence, Citation
from server.store.base import Feedback

Case: TypeAlias = Mapping[str, Any]

_COMPLAINTS = frozenset({"wrong_citation", "not_in_source"})


def cases_from(feedback: Iterable[tuple[Feedback, Answer]]) -> Iterator[Case]:
    """Yield a case for each sentence or citation that was rated down for its source.

    ``relevant`` and ``answers`` are empty: what the right answer is, and where it stands, a person has to say.
    ``complaint`` tells what was wrong: the snapshot, the sentences, and the spans that they rested on.
    """
    for given, answer in feedback:
        if given.rating == "down" and given.reason in _COMPLAINTS and given.target != "answer":
            yield _case(given, answer)


def _case(given: Feedback, answer: Answer) -> Case:
    sentences, citations = _blamed(given, answer)
    return {
        "id": f"feedback-{given.id}",
        "question": answer.standalone_question,
        "lang": answer.language,
        "relevant": [],
        "answerable": True,
        "type": "complaint",
        "answers": [],
        "complaint": {
            "reason": given.reason,
            "comment": given.comment,
            "snapshot": answer.snapshot,
            "sentences": [sentence.text for sentence in sentences],
            "spans": [_span(citation) for citation in citations],
        },
    }


def _blamed(given: Feedback, answer: Answer) -> tuple[list[AnswerSentence], list[Citation]]:
    """Return the sentences that a complaint is about and the citations of theirs that it blames."""
    if given.target == "citation":
        citations = [citation for citation in answer.citations if citation.marker == given.index]
        return [sentence for sentence in answer.sentences if given.index in sentence.citations], citations
    sentences = [sentence for place, sentence in enumerate(answer.sentences) if place == given.index]
    markers = {marker for sentence in sentences for marker in sentence.citations}
    return sentences, [citation for citation in answer.citations if citation.marker in markers]


def _span(citation: Citation) -> dict[str, str | int]:
    return {
        "document_id": citation.document.id,
        "version": citation.document.version,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
    }
