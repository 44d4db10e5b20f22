"""The slots of a llama.cpp server: who has which, and what state it starts from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from typing import Any

from rag.generation.llama_replies import error_of
from rag.generation.prefix_states import Post, PrefixStates
from rag.generation.state_files import StateFiles
from rag.generation.streaming import Feed


class Slots:
    """Hands out slots, each to one request at a time, in the order in which they are asked for."""

    def __init__(self, count: int, server: Callable[[], Any], post: Post, files: StateFiles) -> None:
        """Hand out the slots 0 to ``count`` - 1 of ``server()``, whose HTTP routes ``post`` asks."""
        self._server = server
        self._states = PrefixStates(post, files)
        self._free: SimpleQueue[int] = SimpleQueue()
        for slot in range(count):
            self._free.put(slot)

    def know(self, request: Mapping[str, Any], opening: str) -> bool:
        """Whether a state is kept for prompts like ``request`` whose last message begins with ``opening``."""
        return self._states.know(request, opening)

    @contextmanager
    def begun(self, request: Mapping[str, Any], opening: str, feed: Feed) -> Iterator[dict[str, object]]:
        """Wait for a free slot, bring it to the state that the prompt of ``request`` begins with, and hold it.

        Its last message begins with ``opening``, or part of it. Yield what to add to the request to have it go on
        there. Where ``feed`` is cancelled the slot is in any state.
        """
        slot = self._free.get()
        try:
            read = partial(self._read, slot, feed)
            begun = not feed.cancelled and self._states.restore(slot, request, opening, read)
            yield {"id_slot": slot, "cache_prompt": begun}
        finally:
            self._free.put(slot)

    def _read(self, slot: int, feed: Feed, tokens: Sequence[int], *, goes_on: bool) -> bool:
        """Read ``tokens`` into ``slot`` and write nothing; False where that failed or was called off."""
        failed = False

        def relay(event: dict[str, Any]) -> bool:
            nonlocal failed
            failed = failed or error_of(event) is not None
            return feed.cancelled

        asked = {"prompt": list(tokens), "n_predict": 0, "id_slot": slot, "cache_prompt": goes_on}
        self._server().handle_completions({**asked, "stream": True, "return_progress": True}, relay)
        return not failed and not feed.cancelled
