"""The conversations of the stub, kept in memory."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from tests.server.web.replies import problem


class StubConversations:
    """Keeps conversations by id, and serves them."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}

    def add_routes(self, app: FastAPI) -> None:
        """Serve them under /v1/conversations."""
        app.get("/v1/conversations")(self._list)
        app.post("/v1/conversations", status_code=201)(self._create)
        app.get("/v1/conversations/{identity}")(self._read)
        app.patch("/v1/conversations/{identity}", status_code=204)(self._rename)
        app.delete("/v1/conversations/{identity}", status_code=204)(self._delete)
        app.get("/v1/conversations/{identity}/export")(self._export)

    def begin_turn(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the turn that a question belongs to: the stored one of that id, or a new one."""
        conversation = self.items[body["conversation_id"]]
        turns = conversation["turns"]
        places = [turn["id"] for turn in turns]
        if body.get("replace_turn") in places:
            del turns[places.index(body["replace_turn"]) :]
        conversation["title"] = conversation["title"] or body["question"][:80]
        conversation["updated"] = datetime.now(UTC).isoformat()
        stored: dict[str, Any] | None = next((turn for turn in turns if turn["id"] == body["turn_id"]), None)
        if stored is None:
            stored = {"id": body["turn_id"], "question": body["question"], "answer": None, "first": not turns}
            turns.append(stored)
        return stored

    async def _list(self) -> dict[str, Any]:
        summaries = [item | {"turns": len(item["turns"])} for item in self.items.values()]
        return {"conversations": sorted(summaries, key=lambda item: item["updated"], reverse=True), "next": None}

    async def _create(self, request: Request) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat()
        identity = f"{len(self.items) + 1:032x}"
        title = (await request.json()).get("title", "")
        self.items[identity] = {"id": identity, "title": title, "created": now, "updated": now, "turns": []}
        return self.items[identity] | {"turns": 0}

    async def _read(self, identity: str) -> Response:
        conversation = self.items.get(identity)
        return problem(404, "not-found") if conversation is None else JSONResponse(conversation)

    async def _rename(self, identity: str, request: Request) -> None:
        self.items[identity]["title"] = (await request.json())["title"]

    async def _delete(self, identity: str) -> None:
        del self.items[identity]

    async def _export(self, identity: str) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="conversation-{identity}.md"'}
        return Response(f"# {self.items[identity]['title']}\n", headers=headers, media_type="text/markdown")
