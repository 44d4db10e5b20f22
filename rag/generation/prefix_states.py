"""Key-value states of what prompts begin with, computed once and restored before each prompt that begins so.

Continued from whatever a slot holds, a prompt would be computed in other batches than the time before, and the last
digit can turn a word: the answer would depend on what was asked before it. A restored state is the same every time.
"""

from __future__ import annotations

import hashlib
import json
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, TypeAlias

from rag.errors import ModelError

Post: TypeAlias = Callable[[str, Mapping[str, object]], dict[str, Any]]
# Reads tokens into the slot; False when it was called off.
Read: TypeAlias = Callable[[Sequence[int]], bool]

# A state takes some 30 kB a token; the house has about a dozen prompts of up to 300 tokens.
_MOST_STATES = 32


class PrefixStates:
    """The states of one model, in a temporary folder that goes with this object."""

    def __init__(self, post: Post) -> None:
        """Make the folder, where the server that ``post`` asks has to save its slots."""
        self.folder = Path(mkdtemp(prefix="pincite-"))
        self._post = post
        # File names, the one used last at the end.
        self._kept: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()
        self.close = weakref.finalize(self, rmtree, self.folder, ignore_errors=True)

    def restore(self, slot: int, request: Mapping[str, Any], read: Read) -> bool:
        """Bring ``slot`` to the state after all messages of ``request`` but the last, computing it the first time.

        False where there are none, or where ``read`` was called off: the slot holds something else then.

        Raises:
            ModelError: the server failed.
        """
        recurring = request["messages"][:-1]
        if not recurring:
            return False
        name = hashlib.sha256(json.dumps(recurring).encode()).hexdigest()
        with self._lock:
            if name in self._kept and self._restored(slot, name):
                return True
            if not read(self._shared_tokens(request)):
                return False
            self._save(slot, name)
        return True

    def _shared_tokens(self, request: Mapping[str, Any]) -> list[int]:
        """Return the tokens that the prompt has in common with others that differ in their last message only."""
        first, second = (self._tokens(request, content) for content in ("A", "二"))
        return [token for token, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False))]

    def _tokens(self, request: Mapping[str, Any], content: str) -> list[int]:
        messages = [*request["messages"][:-1], {**request["messages"][-1], "content": content}]
        prompt = self._post("/apply-template", {**request, "messages": messages})["prompt"]
        asked = {"content": prompt, "add_special": True, "parse_special": True}
        tokens: list[int] = self._post("/tokenize", asked)["tokens"]
        return tokens

    def _restored(self, slot: int, name: str) -> bool:
        self._kept.move_to_end(name)
        try:
            self._post(f"/slots/{slot}?action=restore", {"filename": name})
        except ModelError:  # temporary files get tidied away
            del self._kept[name]
            return False
        return True

    def _save(self, slot: int, name: str) -> None:
        try:
            self._post(f"/slots/{slot}?action=save", {"filename": name})
        except ModelError:  # a full disk: the slot has the state, the next one computes it again
            return
        self._kept[name] = None
        if len(self._kept) > _MOST_STATES:
            oldest, _ = self._kept.popitem(last=False)
            (self.folder / oldest).unlink(missing_ok=True)
