"""One line of the doctor's report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rag.errors import PinciteError

Level: TypeAlias = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found; ``remedy`` says what to do about it; what could be better yet is "ok" has one, too."""

    check: str
    level: Level
    detail: str
    remedy: str = ""


def guarded(check: str, look: Callable[[], Finding]) -> Finding:
    """Return what ``look`` finds, or a finding that says how it failed: a doctor reports whatever is wrong."""
    try:
        return look()
    except PinciteError as error:
        return Finding(check, "error", error.message, error.remedy)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        return Finding(check, "error", reason, "Run `pincite models verify`, then install again: make setup.")
