"""A stand-in for the server: the same HTTP contract, canned answers, and switches for what may go wrong.

Run it to look at the page: ``python -m tests.server.web.stub_server [port]``.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import TypeAdapter
from starlette.staticfiles import StaticFiles

from rag.domain import Answer, Document
from server.security.headers import SecurityHeaders
from tests.server.web.canned import MODEL, SNAPSHOT, Script, make_answer
from tests.server.web.documents import DOCUMENTS, VERSIONS
from tests.server.web.replies import event, events_of, fits, hits_in, problem, summary_of
from tests.server.web.scripts import script_for
from tests.server.web.stub_conversations import StubConversations

WEB = Path(__file__).parents[3] / "server" / "web"
_ANSWER = TypeAdapter(Answer)
_DOCUMENT = TypeAdapter(Document)
KEY = "pk_1_secret"


class StubServer:
    """The application, what it keeps, and its switches."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self._stored = StubConversations()
        self.reset()
        self._add_routes()
        self.app.mount("/", StaticFiles(directory=WEB, html=True))
        self.app.add_middleware(SecurityHeaders)

    def reset(self) -> None:
        """Forget everything, and behave well."""
        self._stored.items.clear()
        self.feedback: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.cancelled = 0
        self.loading = False
        self.key_required = False
        self.signed_in = False
        self.delay: float | None = None
        # Streams wait before events of this name.
        self.held = ""
        # Streams that break off after so many tokens, in turn; None lets one through.
        self.drops: list[int | None] = []
        # Whether a stream that broke off has its answer stored all the same.
        self.stores_dropped = False
        self.problems: list[tuple[int, str]] = []

    @property
    def conversations(self) -> dict[str, dict[str, Any]]:
        """The conversations kept, by id."""
        return self._stored.items

    def _add_routes(self) -> None:
        app = self.app
        app.get("/readyz")(self._readiness)
        app.get("/v1/session")(self._session)
        app.post("/v1/session")(self._sign_in)
        app.delete("/v1/session", status_code=204)(self._sign_out)
        app.get("/v1/documents")(self._documents)
        app.get("/v1/documents/{identity:path}")(self._document)
        app.post("/v1/search")(self._search)
        self._stored.add_routes(app)
        app.post("/v1/feedback", status_code=201)(self._take_feedback)
        app.post("/v1/chat")(self._chat)

    async def _readiness(self) -> Response:
        if self.loading:
            return problem(503, "not-ready", state="loading", reason="")
        state = {"status": "ready", "detail": "", "model": MODEL.name, "snapshot": SNAPSHOT}
        return JSONResponse(state | {"embedder": "multilingual-e5-small", "documents": len(DOCUMENTS)})

    async def _session(self) -> dict[str, Any]:
        return {"required": self.key_required, "signed_in": self.signed_in, "name": "tester" if self.signed_in else ""}

    async def _sign_in(self, request: Request) -> Response:
        if (await request.json())["key"] != KEY:
            return problem(401, "unauthorized")
        self.signed_in = True
        return JSONResponse(await self._session())

    async def _sign_out(self) -> None:
        self.signed_in = False

    async def _documents(self, request: Request) -> Response:
        if self.loading:
            return problem(503, "not-ready", state="loading")
        wanted = request.query_params
        found = [summary for summary in map(summary_of, DOCUMENTS) if fits(summary, wanted)]
        offset, limit = int(wanted.get("offset", 0)), int(wanted.get("limit", 100))
        listed = {"total": len(found), "snapshot": SNAPSHOT, "documents": found[offset : offset + limit]}
        return JSONResponse(listed)

    async def _document(self, identity: str, version: str = "") -> Response:
        current = next((document for document in DOCUMENTS if document.id == identity), None)
        document = VERSIONS.get((identity, version)) if version else current
        if document is None:
            return problem(404, "not-found")
        dumped = _DOCUMENT.dump_python(document, mode="json")
        parts = {name: dumped[name] for name in ("text", "headings", "pages")}
        return JSONResponse(summary_of(document) | parts | {"current": document is current})

    async def _search(self, request: Request) -> dict[str, Any]:
        body = await request.json()
        dates = {name: body[name] for name in ("from", "to") if body.get(name)}
        documents = [d for d in DOCUMENTS if fits(summary_of(d), body.get("filters", {}) | dates)]
        hits = [hit for document in documents for hit in hits_in(document, body["query"])]
        return {"query": body["query"], "snapshot": SNAPSHOT, "hits": hits[: body.get("k", 10)]}

    async def _take_feedback(self, request: Request) -> dict[str, str]:
        self.feedback.append(await request.json())
        return {"id": f"{len(self.feedback):032x}"}

    async def _chat(self, request: Request) -> Response:
        if self.loading:
            return problem(503, "not-ready", {"Retry-After": "1"}, state="loading", reason="")
        if self.key_required and not self.signed_in:
            return problem(401, "unauthorized")
        body = await request.json()
        self.asked.append(body)
        if self.problems:
            return problem(*self.problems.pop(0))
        turn = self._stored.begin_turn(body)
        return StreamingResponse(self._stream(turn, script_for(body["question"])), media_type="text/event-stream")

    async def _stream(self, turn: dict[str, Any], script: Script) -> AsyncIterator[str]:
        if turn["answer"]:
            yield event("answer", turn["answer"])
            return
        question = turn["question"]
        standalone = question if turn["first"] else f"{question} (about Apple and Alibaba)"
        answer = _ANSWER.dump_python(make_answer(question, standalone, script), mode="json")
        drop_after = self.drops.pop(0) if self.drops else None
        told = 0
        try:
            for name, data in events_of(answer, script, standalone):
                if name == "token":
                    if told == drop_after:
                        turn["answer"] = answer if self.stores_dropped else None
                        return
                    told += 1
                await asyncio.sleep(script.delay if self.delay is None else self.delay)
                while self.held == name:
                    await asyncio.sleep(0.02)
                if name == "answer":
                    turn["answer"] = answer
                yield event(name, data)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise


if __name__ == "__main__":
    uvicorn.run(StubServer().app, port=int(sys.argv[1]) if len(sys.argv) > 1 else 8001)
