"""Making a follow-up question stand on its own before anything is searched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from rag.answering.literals import extract_literals
from rag.answering.markers import without_markers
from rag.domain import Message, Usage
from rag.generation.base import Generator
from rag.generation.prompting import render
from rag.index.analysis import content_terms
from rag.language import detect_language

_MAX_TOKENS = 80
_MAX_TURN_CHARACTERS = 300
_LABELS = {"en": ("Q: ", "A: "), "zh": ("问：", "答：")}
# Signs that a question leans on what was said before.
_LEANS = {
    "en": re.compile(
        r"^(?:and|but|so|or|then|what about|how about|why|why not|how come|really|what else|anything else)\b"
        r"|\b(?:it|its|they|them|their|he|him|his|she|her|this|that|these|those|there|then|one|ones|same|former|latter"
        r"|other|others|another|else|instead|also|too)\b",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"^(?:那|那么|还有|而|但|可是|为什么|怎么)|[它他她]|这|那|其|该|此|呢[？?]?$|同期|同样|另外|上述|前者|后者|还"
    ),
}
_SHORT = {"en": 24, "zh": 8}


def leans_on_history(question: str, language: Literal["en", "zh"]) -> bool:
    """Whether a question needs the turns before it to be understood: it points back, or is too short to stand."""
    return len(question.strip()) < _SHORT[language] or bool(_LEANS[language].search(question.strip()))


def rewrite(
    question: str, history: Sequence[Message], language: Literal["en", "zh"], generator: Generator
) -> tuple[str, Usage]:
    """Return ``question`` rewritten to stand alone, and the tokens that it cost.

    A reply that cannot stand for the question gives way to the last question and this one side by side, which retrieval
    can still work with.
    """
    if not history or not leans_on_history(question, language):
        return question, Usage()
    asked = [message.content for message in history if message.role == "user"]
    # Without examples that change the language a small model stays in that of the turns before.
    changes = bool(asked) and detect_language(asked[-1], short=language) != language
    transcript = _transcript(history, language)
    messages = render("rewrite_across" if changes else "rewrite", language, history=transcript, question=question)
    stream = generator.stream(messages, max_tokens=_MAX_TOKENS, stop=["\n"])
    rewritten = "".join(stream).strip()
    if _stands_for(rewritten, question, asked, transcript):
        return rewritten, stream.usage
    return " ".join([*asked[-1:], question]), stream.usage


def _stands_for(rewritten: str, question: str, asked: Sequence[str], transcript: str) -> bool:
    """Whether a reply asks something new, of a sane length, lost no word of the question and invents no number."""
    known = extract_literals(f"{transcript}\n{question}")
    repeats = asked and rewritten.casefold() == asked[-1].strip().casefold()
    return (
        rewritten.endswith(("?", "？"))
        and not repeats
        and len(rewritten) <= 3 * (len(question) + 60)
        and set(content_terms(question)) <= set(content_terms(rewritten))
        and all(literal.covered_by(known) for literal in extract_literals(rewritten))
    )


def _transcript(history: Sequence[Message], language: Literal["en", "zh"]) -> str:
    ask, answer = _LABELS[language]
    lines = []
    for message in history:
        text = " ".join(without_markers(message.content).split())[:_MAX_TURN_CHARACTERS]
        lines.append((ask if message.role == "user" else answer) + text)
    return "\n".join(lines)
