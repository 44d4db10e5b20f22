"""Ending a text at the first of several strings, over text that comes in pieces."""

from __future__ import annotations

from collections.abc import Sequence


class StopStrings:
    """Lets text through up to the first stop string; the stop string itself is left out.

    A tail that could grow into a stop string is held back until it is clear that it does not.
    """

    def __init__(self, strings: Sequence[str]) -> None:
        self._strings = tuple(string for string in strings if string)
        self._held = ""
        self.reached = False

    def take(self, piece: str) -> str:
        """Return what of the text so far may be shown and was not returned before."""
        if self.reached:
            return ""
        text = self._held + piece
        found = [at for at in map(text.find, self._strings) if at >= 0]
        if found:
            self.reached, self._held = True, ""
            return text[: min(found)]
        keep = self._ambiguous_tail(text)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def rest(self) -> str:
        """Return what was held back, at the end of the text."""
        held, self._held = self._held, ""
        return held

    def _ambiguous_tail(self, text: str) -> int:
        longest = max(map(len, self._strings), default=1) - 1
        sizes = range(min(longest, len(text)), 0, -1)
        return next((size for size in sizes if any(s.startswith(text[-size:]) for s in self._strings)), 0)
