"""The markers of citations, as they stand in the text of an answer: ``[1]``."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MARKER = re.compile(r"\[\d+\]")


def as_markers(citations: Iterable[int]) -> str:
    """Return the markers of citations with these numbers, one after the other."""
    return "".join(f"[{number}]" for number in citations)


def without_markers(text: str) -> str:
    """Return ``text`` with its markers left out."""
    return _MARKER.sub("", text)
