"""Prompts as files: ``prompts/NAME.LANGUAGE.txt``, a system part and a user part separated by a line ``===``."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from string import Template
from typing import Literal

from rag.domain import Message

PromptName = Literal["answer", "verify", "rewrite"]
_SEPARATOR = "===\n"
# What chat templates use to mark turns. Inside a document or a question these are text, so they are broken up
# before they can reach a tokenizer that would take them for control tokens.
_CONTROL_MARK = re.compile(r"<(?=[|｜])|<(?=/?(?:s|bos|eos|start_of_turn|end_of_turn)>)|\[(?=/?INST\])", re.IGNORECASE)


def render(name: PromptName, language: Literal["en", "zh"], **values: str) -> list[Message]:
    """Return the messages of a prompt with ``values`` filled in, their control marks made harmless."""
    system, user = _load(name, language)
    safe = {key: neutralise(value) for key, value in values.items()}
    messages = [Message("system", system)] if system else []
    return [*messages, Message("user", Template(user).substitute(safe))]


def neutralise(text: str) -> str:
    """Return ``text`` with chat-template control marks broken up by a space, otherwise unchanged."""
    return _CONTROL_MARK.sub(lambda mark: mark.group() + " ", text)


@cache
def _load(name: str, language: str) -> tuple[str, str]:
    text = files("rag.generation").joinpath("prompts", f"{name}.{language}.txt").read_text(encoding="utf-8")
    system, user = text.split(_SEPARATOR, maxsplit=1)
    return system.strip(), user.strip()
