"""Pincite: answers from your own documents, every sentence pinned to the sentence it rests on.

The public face of the library. Names are loaded on first use, so that importing ``rag`` costs nothing::

    from rag import load_settings, open_assistant

    with open_assistant(load_settings()) as assistant:
        answer = assistant.ask("Why did Apple choose Alibaba?")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.answering.assistant import Assistant, Draft
    from rag.answering.events import Cited, Concluded, Drafted, Event, Found, Translating, Understood, Verifying
    from rag.answering.opening import open_assistant
    from rag.curating.curator import curate
    from rag.domain import Answer, Citation, Document, Hit, Message, Passage
    from rag.embedding import open_embedder
    from rag.embedding.base import Embedder
    from rag.errors import PinciteError
    from rag.generation import open_generator
    from rag.generation.base import Generator, TokenStream
    from rag.index.analysis import content_terms, term_spans
    from rag.index.snapshot import current_id, open_snapshot
    from rag.settings import Settings, load_settings

_HOME = {
    "Answer": "rag.domain",
    "Assistant": "rag.answering.assistant",
    "Citation": "rag.domain",
    "Cited": "rag.answering.events",
    "Concluded": "rag.answering.events",
    "Document": "rag.domain",
    "Draft": "rag.answering.assistant",
    "Drafted": "rag.answering.events",
    "Embedder": "rag.embedding.base",
    "Event": "rag.answering.events",
    "Found": "rag.answering.events",
    "Generator": "rag.generation.base",
    "Hit": "rag.domain",
    "Message": "rag.domain",
    "Passage": "rag.domain",
    "PinciteError": "rag.errors",
    "Settings": "rag.settings",
    "TokenStream": "rag.generation.base",
    "Translating": "rag.answering.events",
    "Understood": "rag.answering.events",
    "Verifying": "rag.answering.events",
    "content_terms": "rag.index.analysis",
    "curate": "rag.curating.curator",
    "current_id": "rag.index.snapshot",
    "load_settings": "rag.settings",
    "open_assistant": "rag.answering.opening",
    "open_embedder": "rag.embedding",
    "open_generator": "rag.generation",
    "open_snapshot": "rag.index.snapshot",
    "term_spans": "rag.index.analysis",
}

__all__ = [
    "Answer",
    "Assistant",
    "Citation",
    "Cited",
    "Concluded",
    "Document",
    "Draft",
    "Drafted",
    "Embedder",
    "Event",
    "Found",
    "Generator",
    "Hit",
    "Message",
    "Passage",
    "PinciteError",
    "Settings",
    "TokenStream",
    "Translating",
    "Understood",
    "Verifying",
    "content_terms",
    "curate",
    "current_id",
    "load_settings",
    "open_assistant",
    "open_embedder",
    "open_generator",
    "open_snapshot",
    "term_spans",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
