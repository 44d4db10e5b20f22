"""``POST /v1/embeddings``: vectors of texts, by the embedder of the index."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from numpy.typing import NDArray

from rag import Embedder
from server.dependencies import EngineDep, SearchCaller
from server.disconnects import while_connected
from server.openai_protocol.documentation import error_responses
from server.openai_protocol.models import check_model
from server.openai_protocol.vectors import EmbeddingsReply, EmbeddingsRequest, EmbeddingsUsage, embedding
from server.problems import Problem

_ERRORS = error_responses(
    "invalid-request", "unauthorized", "forbidden", "csrf", "model-not-found", "body-too-large",
    "unsupported-media-type", "rate-limited", "not-ready", "internal",
)  # fmt: skip
_BATCH = 16
# One batch at a time: whoever embeds a lot leaves threads and cores to searches and answers.
_ONE = CapacityLimiter(1)

router = APIRouter(tags=["openai"])


@router.post("/v1/embeddings", summary="Embed texts", responses=_ERRORS)
async def embeddings(body: EmbeddingsRequest, request: Request, _: SearchCaller, engine: EngineDep) -> EmbeddingsReply:
    """Return a vector of length 1 for each text, as the index has them: the inner product is the cosine similarity.

    Nothing is cut: a text that is longer than the embedder reads is an error. A client that goes away stops the work.
    """
    embedder = engine.assistant.embedder
    check_model(body.model, embedder.name)
    _check_dimensions(body, embedder)
    return await while_connected(request, _reply(body, embedder))


async def _reply(body: EmbeddingsRequest, embedder: Embedder) -> EmbeddingsReply:
    lengths = await to_thread.run_sync(_lengths, body, embedder, limiter=_ONE)
    vectors = await _vectors(body, embedder)
    encoding = body.encoding_format or "float"
    return EmbeddingsReply(
        data=[embedding(index, vector, encoding) for index, vector in enumerate(vectors)],
        model=embedder.name,
        usage=EmbeddingsUsage(prompt_tokens=sum(lengths), total_tokens=sum(lengths)),
    )


async def _vectors(body: EmbeddingsRequest, embedder: Embedder) -> Sequence[NDArray[np.float32]]:
    embed = embedder.embed_queries if body.input_type == "query" else embedder.embed_passages
    vectors: list[NDArray[np.float32]] = []
    for start in range(0, len(body.input), _BATCH):
        vectors.extend(await to_thread.run_sync(embed, body.input[start : start + _BATCH], limiter=_ONE))
    return vectors


def _lengths(body: EmbeddingsRequest, embedder: Embedder) -> list[int]:
    most = embedder.max_tokens
    lengths = [embedder.count_tokens(text) for text in body.input]
    for index, length in enumerate(lengths):
        if length > most:
            reason = f"The text has {length} tokens; the embedder reads {most}."
            raise _invalid("text_too_long", reason, "input", index, length=length, max_length=most)
    return lengths


def _check_dimensions(body: EmbeddingsRequest, embedder: Embedder) -> None:
    own = embedder.dimension
    if body.dimensions not in (None, own):
        raise _invalid("wrong_dimensions", f"The vectors have {own} dimensions.", "dimensions", dimension=own)


def _invalid(kind: str, reason: str, *place: str | int, **details: int) -> Problem:
    error = {"type": kind, "loc": ("body", *place), "msg": reason, "ctx": details}
    return Problem(422, "invalid-request", extra={"errors": [error]})
