"""Feedback: an opinion on an answer, one of its sentences or one of its citations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from rag.domain import Answer
from server.dependencies import ChatCaller, DatabaseDep
from server.problems import Problem, problem_responses
from server.schemas import Body, Id, Text
from server.store.base import NewFeedback, Rating, Reason, Target, UnknownAnswer

_PROBLEMS = problem_responses(
    "invalid-request", "unauthorized", "forbidden", "csrf", "not-found", "body-too-large", "unsupported-media-type",
    "rate-limited", "internal",
)  # fmt: skip

router = APIRouter(tags=["feedback"])


class FeedbackRequest(Body):
    """An opinion on an answer, or on one sentence or citation of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"answer_id": "3f0c1a7e5b9d4c2e8a6f7b1d0e9c8a75", "rating": "up"},
                {
                    "answer_id": "3f0c1a7e5b9d4c2e8a6f7b1d0e9c8a75",
                    "rating": "down",
                    "target": "citation",
                    "index": 1,
                    "reason": "wrong_citation",
                    "comment": "The figure is of another year.",
                },
            ]
        }
    )

    answer_id: Id
    rating: Rating
    target: Target = "answer"
    index: Annotated[int, Field(ge=0, le=1_000_000)] | None = Field(
        None, description="Of the sentences the place, from 0; of the citations the marker; none for the whole answer."
    )
    reason: Reason = ""
    comment: Annotated[Text, Field(max_length=2000)] = ""


class FeedbackReply(BaseModel):
    """The feedback was kept under this id."""

    id: Id


@router.post("/v1/feedback", status_code=201, summary="Rate an answer or a part of it", responses=_PROBLEMS)
def add(feedback: FeedbackRequest, caller: ChatCaller, database: DatabaseDep) -> FeedbackReply:
    """Keep an opinion. A later one of the same caller on the same part takes its place."""
    answer = database.answers.get(caller.key_id, feedback.answer_id)
    if answer is None:
        raise Problem(404, "not-found")
    if not _has_part(answer, feedback):
        wrong = {"type": "no_such_part", "loc": ["body", "index"], "msg": "The answer has no such part."}
        raise Problem(422, "invalid-request", extra={"errors": [wrong]})
    try:
        return FeedbackReply(id=database.feedback.add(caller.key_id, NewFeedback(**feedback.model_dump())))
    except UnknownAnswer as error:  # deleted at this moment
        raise Problem(404, "not-found") from error


def _has_part(answer: Answer, feedback: FeedbackRequest) -> bool:
    match feedback.target:
        case "answer":
            return feedback.index is None
        case "sentence":
            return feedback.index in range(len(answer.sentences))
        case "citation":
            return feedback.index in {citation.marker for citation in answer.citations}
