from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from eval.support.checker import Checker, opened_checker
from rag.domain import Document
from rag.embedding.base import Embedder
from rag.settings import ChunkingSettings


@pytest.fixture
def checker_of(bag_embedder: Embedder) -> Iterator[Callable[..., Checker]]:
    """Opens a checker over documents, with a stand-in embedder."""
    with ExitStack() as stack:

        def make(*documents: Document) -> Checker:
            return stack.enter_context(opened_checker(documents, bag_embedder, ChunkingSettings()))

        yield make
