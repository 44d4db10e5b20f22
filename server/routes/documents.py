"""``/v1/documents``: what the corpus holds, and the text of any version of a document."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.convertors import StringConvertor, register_url_convertor

from rag.domain import Language
from server.dependencies import EngineDep, SearchCaller
from server.documents import DocumentDetail, DocumentFilter, DocumentList, detail_of
from server.examples import DOCUMENT, DOCUMENTS, shown
from server.problems import Problem, problem_responses
from server.schemas import Day

_PROBLEMS = problem_responses("invalid-request", "unauthorized", "forbidden", "rate-limited", "not-ready", "internal")


class _AnyText(StringConvertor):
    """The id of a document may be its path, or whatever its front matter says."""

    regex = r"[\s\S]+"


register_url_convertor("any", _AnyText())

router = APIRouter(prefix="/v1/documents", tags=["corpus"])


@router.get("", summary="List documents", response_model=DocumentList, responses=shown(DOCUMENTS) | _PROBLEMS)
def documents(  # noqa: PLR0913, PLR0917 - a parameter each
    _: SearchCaller,
    engine: EngineDep,
    language: Annotated[Language | None, Query(examples=["zh"])] = None,
    topic: Annotated[str, Query(max_length=200, examples=["regulation"])] = "",
    earliest: Annotated[Day | None, Query(alias="from", description="The first day.", examples=["2024-01-31"])] = None,
    latest: Annotated[Day | None, Query(alias="to", description="The last day.", examples=["2025-01-31"])] = None,
    q: Annotated[str, Query(max_length=200, description="Words that title, path or text hold.")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
) -> DocumentList:
    """Return the documents that meet all conditions, ordered by path, without their texts."""
    assistant = engine.assistant
    found = DocumentFilter(language, topic, earliest, latest, q).select(assistant)
    return DocumentList(total=len(found), snapshot=assistant.snapshot.id, documents=found[offset : offset + limit])


@router.get(
    "/{document_id:any}", summary="Read a document", response_model=DocumentDetail,
    responses=shown(DOCUMENT) | _PROBLEMS | problem_responses("not-found"),
)  # fmt: skip
def document(
    document_id: str,
    _: SearchCaller,
    engine: EngineDep,
    version: Annotated[
        str, Query(max_length=64, description="sha256 of a text; by default the version that serves.")
    ] = "",
) -> DocumentDetail:
    """Return a document with its text. Any version that was ever indexed stays readable, so that old citations do."""
    assistant = engine.assistant
    serving = assistant.snapshot.store.document(document_id)
    if serving is not None and version in ("", serving.version):
        return detail_of(serving, current=True)
    earlier = assistant.snapshot.version(document_id, version) if version else None
    if earlier is None:
        raise Problem(404, "not-found")
    return detail_of(earlier, current=False)
