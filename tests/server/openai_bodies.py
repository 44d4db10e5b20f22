"""Requests in OpenAI's protocol."""

from __future__ import annotations

from typing import Any

from tests.server.stand_ins import QUESTION

URL = "/v1/chat/completions"


def body(*contents: object, **changes: object) -> dict[str, Any]:
    """A request whose messages alternate, the user's last."""
    contents = contents or (QUESTION,)
    roles = ["assistant", "user"] * len(contents)
    messages = [
        {"role": role, "content": content} for role, content in zip(roles[-len(contents) :], contents, strict=True)
    ]
    return {"model": "pincite", "messages": messages, **changes}
