"""``/healthz``, ``/readyz`` and ``/metrics``: for those who run the server."""

from __future__ import annotations

import dataclasses

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from server.dependencies import AdminCaller, EngineDep, MetricsDep
from server.examples import READINESS, shown
from server.problems import problem_responses
from server.schemas import Health, Readiness

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Is the process alive?", response_model=Health, responses=problem_responses("internal"))
async def healthz() -> Health:
    """Reply as long as the process runs."""
    return Health()


@router.get(
    "/readyz", summary="Can questions be answered?", response_model=Readiness,
    responses=shown(READINESS) | problem_responses("not-ready", "internal"),
)  # fmt: skip
async def readyz(engine: EngineDep) -> Readiness:
    """Name the models and the snapshot of the index that serve; 503 while there are none."""
    _ = engine.assistant
    return Readiness(**dataclasses.asdict(engine.state))


@router.get(
    "/metrics", summary="Prometheus metrics", response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problem_responses("unauthorized", "forbidden", "rate-limited", "internal"),
    },
)  # fmt: skip
def metrics(_: AdminCaller, metrics: MetricsDep) -> Response:
    """Report requests, the queue, seconds, tokens, verdicts and refusals. Needs the scope admin where keys do."""
    return Response(metrics.render(), media_type=CONTENT_TYPE_LATEST)
