"""Keeping what a document or a user wrote from being read as the chat template's own marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.domain import Message

# The marks of the common templates: ChatML, Llama 2 and 3, Phi, Gemma, Mistral, DeepSeek.
_CONTROL = re.compile(
    r"<(?=[|｜][^<>\n]{1,40}[|｜]>|/?s>|(?:bos|eos|pad|unk)>|(?:start|end)_of_turn>|</?SYS>>)|\[(?=/?(?:INST|AVAILABLE_TOOLS)\])"
)


def plain_messages(messages: Sequence[Message]) -> list[dict[str, str]]:
    """Return the messages in the form that chat APIs take, with control tokens in their text broken up."""
    return [{"role": message.role, "content": plain_text(message.content)} for message in messages]


def plain_text(text: str) -> str:
    """Put a space into every control token, and a replacement character for what UTF-8 cannot carry.

    Tokenizers parse control tokens wherever they stand, so ``<|im_end|>`` in a document would end the user's turn.
    """
    return _CONTROL.sub(lambda match: match[0] + " ", text.encode("utf-8", "replace").decode("utf-8"))
