"""Taking a question in: what is asked, in which language, and what cannot be asked."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.domain import Message
from rag.errors import QuestionError
from rag.language import detect_language


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question fit to be answered, the language of its answer, and the turns that it may refer to."""

    question: str
    language: Literal["en", "zh"]
    history: tuple[Message, ...]


def take_question(question: str, history: Sequence[Message], *, max_characters: int, max_turns: int) -> Inquiry:
    """Clean and check a question; a question in a third language is answered in English.

    Raises:
        QuestionError: nothing to read in it, or longer than ``max_characters``.
    """
    text = clean(question)
    if not any(character.isalnum() for character in text):
        raise QuestionError("The question is empty.", "Ask in words, in English or Chinese.")
    if len(text) > max_characters:
        raise QuestionError(
            f"The question has {len(text):,} characters; at most {max_characters:,} are taken.",
            "Ask more briefly, or raise answering.max_question_characters.",
        )
    turns = [Message(turn.role, clean(turn.content)) for turn in history if turn.role != "system"]
    recent = tuple(turns[-2 * max_turns :]) if max_turns else ()
    return Inquiry(text, "zh" if detect_language(text) == "zh" else "en", recent)


def clean(text: str) -> str:
    """Return ``text`` in NFC with control and format characters as spaces, and runs of white space as one space."""
    readable = "".join(
        " " if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character for character in text
    )
    return unicodedata.normalize("NFC", " ".join(readable.split()))
