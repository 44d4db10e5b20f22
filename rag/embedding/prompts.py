"""Which of a sentence-transformers model's prompts stands before what: authors file them under several names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# Best first.
PASSAGE_PROMPTS = ("document", "passage", "corpus")
QUERY_PROMPTS = ("query",)


def prompt_of(prompts: Mapping[str, str | None], names: Sequence[str]) -> str:
    """Return the first of a model's ``prompts`` that is filed under one of ``names`` and not empty; else nothing."""
    return next((prompt for name in names if (prompt := prompts.get(name))), "")
