"""What the llama.cpp server replies when something goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.errors import ModelError
from rag.generation.streaming import one_line


def raise_for(reply: Mapping[str, Any]) -> None:
    """Raise the error that ``reply`` reports, if it does.

    Raises:
        ModelError: it reports one.
    """
    error = error_of(reply)
    if error is not None:
        raise error


def error_of(reply: Mapping[str, Any]) -> ModelError | None:
    """Return the error that ``reply`` reports; None for any other reply."""
    if "error" not in reply:
        return None
    return ModelError(f"The model stopped: {one_line(reply['error'].get('message', ''))}.", "Run: pincite doctor")
