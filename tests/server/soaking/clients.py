"""The clients of a soak: each keeps a conversation of its own and does one thing after another until time is up."""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

QUESTIONS = (
    "Why did Apple choose Alibaba?",
    "How did Huawei's sales change in the third quarter of 2024?",
    "When did the labelling measures come into force?",
    "Who oversees the filing of generative AI services?",
    "苹果为什么没有选择DeepSeek？",
    "苹果在大中华区的收入下降了多少？",
    "通义千问是哪家公司的模型？",
    "小米2019年的广告收入是多少？",
)
_BAD_BODIES = (b"{", b"[]", b'{"question": 7}', b'{"question": ""}', b'{"question": "?", "unknown": 1}', b"\xff\xfe")
# What a client waits between two things, on average: about as long as a person looks at what a search found.
_PAUSE_S = 4.0
# A client that finds the queue full waits no longer than this before it does something else.
_LONGEST_WAIT_S = 2.0


@dataclass
class Tally:
    """What happened: the seconds of each reply by kind and status, and everything that should not have been."""

    seconds: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    wrongs: list[str] = field(default_factory=list)

    def note(self, kind: str, status: int | str, seconds: float) -> None:
        """Count a reply."""
        self.seconds.setdefault((kind, str(status)), []).append(seconds)


class Client:
    """One client; ``answers`` are those that it was given, by the id of their turn."""

    def __init__(self, number: int, http: httpx.AsyncClient, tally: Tally) -> None:
        self._random = random.Random(number)
        self._http = http
        self._tally = tally
        self._conversation = ""
        self._asked: dict[str, str] = {}
        self._answers: dict[str, Any] = {}

    async def run_until(self, deadline: float) -> None:
        """Act until ``deadline`` (of the monotonic clock), then compare what is stored with what was received."""
        self._conversation = (await self._http.post("/v1/conversations", json={})).json()["id"]
        actions: list[Callable[[], Awaitable[None]]] = [self._chat, self._search, self._leave, self._send_nonsense]
        while time.monotonic() < deadline:
            await asyncio.sleep(self._random.expovariate(1 / _PAUSE_S))
            (act,) = self._random.choices(actions, weights=(4, 4, 1, 1))
            try:
                await act()
            except httpx.HTTPError as error:
                self._tally.wrongs.append(f"{act.__name__}: {type(error).__name__} {error}")
        await self._compare()

    async def _chat(self) -> None:
        question, turn = self._random.choice(QUESTIONS), uuid.uuid4().hex
        body = {"question": question, "conversation_id": self._conversation, "turn_id": turn}
        began = time.perf_counter()
        reply = await self._http.post("/v1/chat", json=body)
        self._tally.note("chat", reply.status_code, time.perf_counter() - began)
        if reply.status_code == httpx.codes.TOO_MANY_REQUESTS:
            await asyncio.sleep(min(_LONGEST_WAIT_S, float(reply.headers["Retry-After"])))
            return
        if not self._is_expected(reply, httpx.codes.OK):
            return
        answer = reply.json()
        if answer["question"] != question:
            self._tally.wrongs.append(f"asked {question!r}, answered {answer['question']!r}")
        self._asked[turn], self._answers[turn] = question, answer

    async def _search(self) -> None:
        began = time.perf_counter()
        # A query never seen before: one that is remembered would cost no embedding.
        query = f"{self._random.choice(QUESTIONS)} {self._random.randrange(10**6)}"
        reply = await self._http.post("/v1/search", json={"query": query})
        self._tally.note("search", reply.status_code, time.perf_counter() - began)
        self._is_expected(reply, httpx.codes.OK)

    async def _leave(self) -> None:
        """Open a stream and go away amid it."""
        events = self._random.randrange(1, 12)
        body = {"question": self._random.choice(QUESTIONS)}
        began = time.perf_counter()
        headers = {"Accept": "text/event-stream"}
        async with self._http.stream("POST", "/v1/chat", json=body, headers=headers) as reply:
            async for line in reply.aiter_lines():
                events -= line.startswith("event: ")
                if events <= 0:
                    break
        self._tally.note("leave", reply.status_code, time.perf_counter() - began)

    async def _send_nonsense(self) -> None:
        headers = {"Content-Type": "application/json"}
        began = time.perf_counter()
        reply = await self._http.post("/v1/chat", content=self._random.choice(_BAD_BODIES), headers=headers)
        self._tally.note("nonsense", reply.status_code, time.perf_counter() - began)
        if not httpx.codes.is_client_error(reply.status_code) or "problem+json" not in reply.headers["content-type"]:
            self._tally.wrongs.append(f"nonsense got {reply.status_code} {reply.text[:200]}")

    async def _compare(self) -> None:
        stored = (await self._http.get(f"/v1/conversations/{self._conversation}")).json()["turns"]
        kept = {turn["id"]: turn for turn in stored}
        for turn, answer in self._answers.items():
            if turn not in kept:
                self._tally.wrongs.append(f"turn {turn} is lost")
            elif kept[turn]["question"] != self._asked[turn] or kept[turn]["answer"] != answer:
                self._tally.wrongs.append(f"turn {turn} is another: {json.dumps(kept[turn])[:200]}")

    def _is_expected(self, reply: httpx.Response, status: int) -> bool:
        """Whether a reply has the status it must have; where not, it is noted."""
        if reply.status_code != status:
            self._tally.wrongs.append(f"{reply.request.url.path}: {reply.status_code} {reply.text[:200]}")
        return reply.status_code == status
