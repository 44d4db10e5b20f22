"""The assistant behind the server: loaded in the background, opened again when the index on disk is another."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import structlog

from rag import Assistant, PinciteError, current_id
from rag.settings import Settings
from server.problems import Problem

Status: TypeAlias = Literal["loading", "ready", "failed", "stopping"]

_CHECK_INDEX_S = 2.0
_RETRY_AFTER_S = "5"
# Loads what searching needs before somebody waits for it: the words of both languages, and the model that tells others.
_FIRST_SEARCH = "What do the documents of this corpus say? 文件里写了什么？"

log = structlog.get_logger("pincite.loading")


@dataclass(frozen=True, slots=True)
class EngineState:
    """What the engine is doing, and with what; ``detail`` says why it failed to load, or to load a newer index."""

    status: Status
    detail: str = ""
    model: str | None = None
    embedder: str | None = None
    snapshot: str | None = None
    documents: int | None = None


class Loader:
    """Holds the assistant that serves.

    Args:
        settings: the settings of the installation.
        open_assistant: called with the settings, and when the index has changed also with the generator to keep.

    Attributes:
        settled: set once the first attempt to load has ended, well or badly.
    """

    def __init__(self, settings: Settings, open_assistant: Callable[..., Assistant]) -> None:
        self._settings = settings
        self._open_assistant = open_assistant
        self._assistant: Assistant | None = None
        self._failure = ""
        self._tried: str | None = None
        self._stopping = asyncio.Event()
        self._following: asyncio.Task[None] | None = None
        self.settled = asyncio.Event()

    def start(self) -> None:
        """Begin to load; returns at once."""
        self._following = asyncio.create_task(self._follow_index())

    def retire(self) -> None:
        """Give the assistant to nobody any more."""
        self._stopping.set()

    async def close(self) -> None:
        """Free the models, once what is being loaded has been."""
        self.retire()
        if self._following is not None:
            await self._following
        if self._assistant is not None:
            await asyncio.to_thread(self._assistant.close)
            self._assistant = None

    @property
    def assistant(self) -> Assistant:
        """The assistant that serves. Keep it for as long as you use its snapshot.

        Raises:
            Problem: ``not-ready``, while it loads, when it could not be loaded, and when the server stops.
        """
        if self._assistant is None or self._stopping.is_set():
            state = self.state
            extra = {"state": state.status, "reason": state.detail}
            raise Problem(503, "not-ready", headers={"Retry-After": _RETRY_AFTER_S}, extra=extra)
        return self._assistant

    @property
    def state(self) -> EngineState:
        """What is being done."""
        assistant = self._assistant
        if self._stopping.is_set():
            return EngineState("stopping")
        if assistant is None:
            return EngineState("failed", self._failure) if self._failure else EngineState("loading")
        manifest = assistant.snapshot.manifest
        return EngineState(
            "ready",
            self._failure,
            model=assistant.generator.info.name,
            embedder=manifest.embedder.name,
            snapshot=assistant.snapshot.id,
            documents=len(manifest.documents),
        )

    async def _follow_index(self) -> None:
        while not self._stopping.is_set():
            current = await asyncio.to_thread(current_id, self._settings.index_dir)
            if self._is_news(current):
                await self._open(current)
                self.settled.set()
            try:
                async with asyncio.timeout(_CHECK_INDEX_S):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    def _is_news(self, current: str | None) -> bool:
        if self._assistant is None:
            return not self._failure or current != self._tried
        return current not in (None, self._tried, self._assistant.snapshot.id)

    async def _open(self, current: str | None) -> None:
        began = time.perf_counter()
        self._tried = current
        old = self._assistant
        kept = () if old is None else (old.generator,)
        try:
            assistant = await asyncio.to_thread(self._open_assistant, self._settings, *kept)
            model = await asyncio.to_thread(lambda: assistant.generator.info)  # hashes an unknown model's file
            await asyncio.to_thread(assistant.search, _FIRST_SEARCH)
        except PinciteError as error:
            self._failure = f"{error.message} {error.remedy}".strip()
            log.error("not loaded", reason=error.message, remedy=error.remedy)
        except Exception as error:
            self._failure = f"{type(error).__name__}: {error}"
            log.exception("not loaded")
        else:
            self._assistant = assistant
            self._failure = ""
            seconds = round(time.perf_counter() - began, 1)
            log.info("loaded", model=model.name, snapshot=assistant.snapshot.id, seconds=seconds)
            if old is not None:
                # Its files close when the last answer or request that reads them has let go of it.
                weakref.finalize(old, old.snapshot.close)
