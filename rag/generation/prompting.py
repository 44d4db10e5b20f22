"""Prompts as files: ``prompts/NAME.LANGUAGE.txt``, parts separated by lines ``===``.

The first part is the system message (empty: none); then user and assistant take turns. What comes before the last part
are worked examples.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal

from rag.domain import Message, Role

PromptName = Literal["answer", "rewrite", "rewrite_across", "states_answer", "translate", "translate_question"]
_SEPARATOR = "===\n"


def render(name: PromptName, language: Literal["en", "zh"], **values: str) -> list[Message]:
    """Return the messages of a prompt with ``values`` filled in.

    What a document or a question writes stays text: generators break up control tokens in every message.
    """
    last = Template(_load(name, language)[-1]).substitute(values)
    return [*beginning(name, language)[:-1], Message("user", last)]


def beginning(name: PromptName, language: Literal["en", "zh"]) -> list[Message]:
    """Return the messages of a prompt that are always the same, and a last one without a text."""
    system, *turns = _load(name, language)
    roles: list[Role] = ["user", "assistant"] * len(turns)
    examples = [Message(role, text) for role, text in zip(roles, turns[:-1], strict=False)]
    return [*([Message("system", system)] if system else []), *examples, Message("user", "")]


def opening(name: PromptName, language: Literal["en", "zh"], **values: str) -> str:
    """Return what the last message of a prompt begins with, up to the last of ``values``, which come first in it."""
    template = _load(name, language)[-1]
    end = max(template.index(f"${value}") + len(value) + 1 for value in values)
    return Template(template[:end]).substitute(values)


@cache
def _load(name: str, language: str) -> tuple[str, ...]:
    text = files("rag.generation").joinpath("prompts", f"{name}.{language}.txt").read_text(encoding="utf-8")
    return tuple(part.strip() for part in text.split(_SEPARATOR))
