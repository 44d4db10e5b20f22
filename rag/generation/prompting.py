"""Prompts as files: ``prompts/NAME.LANGUAGE.txt``, a system part and a user part separated by a line ``===``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal

from rag.domain import Message

PromptName = Literal["answer", "verify", "rewrite"]
_SEPARATOR = "===\n"


def render(name: PromptName, language: Literal["en", "zh"], **values: str) -> list[Message]:
    """Return the messages of a prompt with ``values`` filled in.

    What a document or a question writes stays text: generators break up control tokens in every message.
    """
    system, user = _load(name, language)
    messages = [Message("system", system)] if system else []
    return [*messages, Message("user", Template(user).substitute(values))]


@cache
def _load(name: str, language: str) -> tuple[str, str]:
    text = files("rag.generation").joinpath("prompts", f"{name}.{language}.txt").read_text(encoding="utf-8")
    system, user = text.split(_SEPARATOR, maxsplit=1)
    return system.strip(), user.strip()
