"""Having the model read, before anybody asks, what answers begin with: the rules of each prompt, and the passages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Literal, get_args

from rag.answering.evidence import whole_passage
from rag.domain import Passage
from rag.generation.base import ReadsAhead, TokenStream
from rag.generation.prompting import PromptName, beginning, opening
from rag.index.snapshot import Snapshot

_LANGUAGES: tuple[Literal["en", "zh"], ...] = ("en", "zh")


def read_rules_ahead(generator: ReadsAhead) -> Iterator[TokenStream]:
    """Start to read what each prompt begins with whatever is asked; see ``read_ahead``."""
    for name, language in product(get_args(PromptName), _LANGUAGES):
        stream = generator.read_ahead(beginning(name, language), "")
        if stream is None:
            return
        yield stream


def read_ahead(snapshot: Snapshot, generator: ReadsAhead) -> Iterator[TokenStream]:
    """Start to read one passage after the other, in order, as the prompt of an answer in its language shows it.

    Iterate each stream to its end, which comes without a token, before taking the next one. Ends where the space for
    what is read is used up.
    """
    for passage in snapshot.passages():
        stream = _read(passage, generator)
        if stream is None:
            return
        yield stream


def answer_opening(first: Passage, language: Literal["en", "zh"]) -> str:
    """Return what the prompt of an answer in ``language`` begins with where the passage ``first`` comes first."""
    return opening("answer", language, evidence=whole_passage(first, language))


def _read(passage: Passage, generator: ReadsAhead) -> TokenStream | None:
    language: Literal["en", "zh"] = "zh" if passage.language == "zh" else "en"
    return generator.read_ahead(beginning("answer", language), answer_opening(passage, language))
