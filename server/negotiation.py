"""Which of the offered media types a client would rather have."""

from __future__ import annotations

from collections.abc import Sequence

from server.problems import Problem


def preferred_media_type(accept: str, offered: Sequence[str]) -> str:
    """Return the offered type that an Accept header weighs highest, the first offered where it does not care.

    Raises:
        Problem: ``not-acceptable``.
    """
    ranges = [_parse(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    weights = {kind: _weight(kind, ranges) for kind in offered}
    best = max(offered, key=lambda kind: weights[kind])
    if weights[best] <= 0.0:
        raise Problem(406, "not-acceptable", extra={"offered": ", ".join(offered)})
    return best


def _parse(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return name, float(parameter[2:])
            except ValueError:
                return name, 0.0
    return name, 1.0


def _weight(kind: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The most exact range that names ``kind`` decides."""
    given = dict(reversed(ranges))
    for name in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        if name in given:
            return given[name]
    return 0.0
