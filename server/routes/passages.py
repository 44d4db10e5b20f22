"""``GET /v1/passages/{id}``: one passage."""

from __future__ import annotations

from fastapi import APIRouter

from rag.domain import Passage
from server.dependencies import EngineDep, SearchCaller
from server.examples import PASSAGE, shown
from server.problems import Problem, problem_responses

_REPLIES = shown(PASSAGE) | problem_responses(
    "invalid-request", "unauthorized", "forbidden", "not-found", "rate-limited", "not-ready", "internal"
)

router = APIRouter(tags=["corpus"])


@router.get("/v1/passages/{passage_id}", summary="Read a passage", response_model=Passage, responses=_REPLIES)
def passage(passage_id: str, _: SearchCaller, engine: EngineDep) -> Passage:
    """Return a passage of the index that serves; `start` and `end` count code points in its document's text."""
    assistant = engine.assistant
    found = assistant.snapshot.store.passage(passage_id)
    if found is None:
        raise Problem(404, "not-found")
    return found
