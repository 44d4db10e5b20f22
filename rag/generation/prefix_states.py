"""Key-value states of what prompts begin with, computed once and restored before each prompt that begins so.

Continued from whatever a slot holds, a prompt would be computed in other batches than the time before, and the last
digit can turn a word: the answer would depend on what was asked before it. A restored state is the same every time.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from typing import Any, Protocol, TypeAlias

from rag.errors import ModelError
from rag.generation.state_files import StateFiles

Post: TypeAlias = Callable[[str, Mapping[str, object]], dict[str, Any]]
# Two prompts that begin alike are seldom computed at once: they wait for each other, and a few others with them.
_LOCKS = 64


class Read(Protocol):
    """Reads tokens into the slot."""

    def __call__(self, tokens: Sequence[int], *, goes_on: bool) -> bool:
        """Read ``tokens``, going on from what the slot holds of them or anew; False when it was called off."""


class PrefixStates:
    """The states of one model: of the messages before the last, and of these with an opening of the last."""

    def __init__(self, post: Post, files: StateFiles) -> None:
        """Keep the states in ``files``, where the server that ``post`` asks has to save its slots."""
        self._post = post
        self._files = files
        self._locks = tuple(threading.Lock() for _ in range(_LOCKS))

    def know(self, request: Mapping[str, Any], opening: str) -> bool:
        """Whether there is a state of all messages of ``request`` but the last, and ``opening``."""
        return self._files.find(_name(request["messages"][:-1], opening)) is not None

    def restore(self, slot: int, request: Mapping[str, Any], opening: str, read: Read) -> bool:
        """Bring ``slot`` to a state that the prompt of ``request`` begins with, computing it the first time.

        It holds all messages but the last, and of the last ``opening``, of which the prompt may go another way midway.
        False where there is none, or where ``read`` was called off: the slot holds something else then.

        Raises:
            ModelError: the server failed.
        """
        recurring = request["messages"][:-1]
        if not recurring and not opening:
            return False
        name = _name(recurring, opening)
        if self._restored(slot, name):
            return True
        begun = bool(opening) and self.restore(slot, request, "", read)
        with self._locks[int(name[:8], 16) % _LOCKS]:
            if self._restored(slot, name):
                return True
            if not read(self._shared_tokens(request, opening), goes_on=begun):
                return False
            self._save(slot, name)
        return True

    def _shared_tokens(self, request: Mapping[str, Any], opening: str) -> list[int]:
        """Return the tokens that the prompt has in common with others whose last message goes on from ``opening``."""
        first, second = (self._tokens(request, opening + content) for content in ("A", "二"))
        return [token for token, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))]

    def _tokens(self, request: Mapping[str, Any], content: str) -> list[int]:
        messages = [*request["messages"][:-1], {**request["messages"][-1], "content": content}]
        prompt = self._post("/apply-template", {**request, "messages": messages})["prompt"]
        asked = {"content": prompt, "add_special": True, "parse_special": True}
        tokens: list[int] = self._post("/tokenize", asked)["tokens"]
        return tokens

    def _restored(self, slot: int, name: str) -> bool:
        file = self._files.find(name)
        if file is None:
            return False
        try:
            self._post(f"/slots/{slot}?action=restore", {"filename": file})
        except ModelError:  # removed just now by another process, or damaged
            self._files.discard(name)
            return False
        return True

    def _save(self, slot: int, name: str) -> None:
        try:
            self._post(f"/slots/{slot}?action=save", {"filename": self._files.unfinished(name)})
        except ModelError:  # a full disk: the slot has the state, the next one computes it again
            return
        self._files.finish(name)


def _name(recurring: Sequence[Mapping[str, str]], opening: str) -> str:
    return hashlib.sha256(json.dumps([recurring, opening]).encode()).hexdigest()
