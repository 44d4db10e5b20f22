"""Whether a text speaks of another version or model of what a question names: of Qwen2.5 where Qwen3 is asked for."""

from __future__ import annotations

import re

from rag.answering.names import fold_name, is_named, latin_names

# The letters that versions of one thing share: "Qwen" of Qwen3-Max.
_FAMILY = re.compile(r"[A-Za-z]{2,}(?=.*\d)")


def speaks_of_other_version(question: str, text: str) -> bool:
    """Whether ``question`` names a version that ``text`` does not, while ``text`` names others of the same family."""
    folded = fold_name(text)
    known = {family for name in latin_names(text) if (family := _family(name))}
    return any(_family(name) in known and not is_named(name, folded) for name in latin_names(question))


def _family(name: str) -> str:
    found = _FAMILY.match(name)
    return found[0].casefold() if found else ""
