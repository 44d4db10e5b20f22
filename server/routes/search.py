"""``POST /v1/search``: passages, without asking the model."""

from __future__ import annotations

from fastapi import APIRouter

from rag import content_terms, term_spans
from rag.domain import Hit
from server.dependencies import EngineDep, SearchCaller
from server.documents import selected_by
from server.examples import SEARCH, shown
from server.problems import Problem, problem_responses
from server.schemas import SearchHit, SearchReply, SearchRequest

_PROBLEMS = problem_responses(
    "invalid-request", "question-empty", "unauthorized", "forbidden", "csrf", "body-too-large",
    "unsupported-media-type", "rate-limited", "not-ready", "internal",
)  # fmt: skip

router = APIRouter(tags=["corpus"])


@router.post("/v1/search", summary="Search passages", response_model=SearchReply, responses=shown(SEARCH) | _PROBLEMS)
def search(body: SearchRequest, _: SearchCaller, engine: EngineDep) -> SearchReply:
    """Return the passages that fit the query best, as an answer would find them; no chat is waited for."""
    if not body.query.strip():
        raise Problem(422, "question-empty")
    assistant = engine.assistant
    hits = assistant.search(body.query, k=body.k, filters=selected_by(body, assistant))
    terms = frozenset(content_terms(body.query))
    return SearchReply(query=body.query, snapshot=assistant.snapshot.id, hits=[_search_hit(hit, terms) for hit in hits])


def _search_hit(hit: Hit, terms: frozenset[str]) -> SearchHit:
    return SearchHit(
        passage=hit.passage,
        score=hit.score,
        dense=hit.dense,
        lexical=hit.lexical,
        highlights=term_spans(hit.passage.text, terms),
    )
