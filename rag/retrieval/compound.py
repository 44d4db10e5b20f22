"""Questions that ask several things at once, taken apart so that each finds its own passages."""

from __future__ import annotations

import re

from rag.language import detect_language

# An interrogative after a conjunction opens a question of its own.
_JOINT = re.compile(
    r",?\s+(?:and|or)\s+(?=(?:(?:in|on|at|by|for|from|to|under|of|with|since)\s+)?"
    r"(?:when|what|which|who|whom|whose|where|why|how)\b)",
    re.IGNORECASE,
)
_BORDER = re.compile(r"[，,；;？?]")
_INTERROGATIVE = re.compile(r"什么|谁|哪|多少|几|何|怎|吗|是否")
_LEAST_WORDS = 3


def parts_of(question: str) -> list[str]:
    """Return the questions that ``question`` is made of, in order; itself where it asks one thing."""
    if detect_language(question) == "zh":
        return _chinese_parts(question)
    parts = [part.strip() for part in _JOINT.split(question)]
    return parts if len(parts) > 1 and all(len(part.split()) >= _LEAST_WORDS for part in parts) else [question]


def _chinese_parts(question: str) -> list[str]:
    """A clause that asks nothing belongs to the one after it: it sets the scene."""
    parts, scene = [], ""
    for clause in _BORDER.split(question):
        scene += clause if not scene else f"，{clause}"
        if _INTERROGATIVE.search(clause):
            parts.append(scene.strip())
            scene = ""
    return parts if len(parts) > 1 else [question]
