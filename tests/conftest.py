"""Fixtures that several rooms share: stand-ins at the edge, and the real models opened once."""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag import Assistant, load_settings, open_assistant, open_embedder
from rag.domain import Message, ModelInfo, Passage, Span, Usage
from rag.embedding.base import Embedder, Vectors
from rag.index.analysis import content_terms
from rag.settings import Settings

ROOT = Path(__file__).parents[1]
# Open to everything before generation; after it, as sure as the model says.
OPEN_CALIBRATION = "".join(
    f"""
[{language}.gate]
intercept = 5.0
threshold = 0.0
[{language}.gate.weights]
[{language}.answer]
intercept = 0.0
threshold = 0.5
[{language}.answer.weights]
states_answer = 1.0
"""
    for language in ("en", "zh")
)
# A shell that starts the tests in the background has them ignore Ctrl-C, and their children too.
signal.signal(signal.SIGINT, signal.default_int_handler)


class BagOfWordsEmbedder:
    """An embedder without a model: each content word has its own direction. Shared words are similarity."""

    name = "bag-of-words"
    dimension = 256
    max_tokens = 480

    def __init__(self, sha256: str = "0" * 64) -> None:
        self.sha256 = sha256

    def count_tokens(self, text: str) -> int:
        return len(self.token_spans(text))

    def token_spans(self, text: str) -> list[Span]:
        return [Span(n, n + 1) for n, character in enumerate(text) if not character.isspace()]

    def embed_passages(
        self, texts: Sequence[str], batch_size: int = 32, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        if progress is not None:
            progress(len(texts))
        return np.stack([self._vector(text) for text in texts]) if texts else np.zeros((0, 256), np.float32)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        return self.embed_passages(texts)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for term in content_terms(text) if text.strip() else []:
            vector[int.from_bytes(hashlib.sha256(term.encode()).digest()[:2], "big") % self.dimension] += 1.0
        return vector / np.float32(np.linalg.norm(vector))


class ScriptedStream:
    """A token stream that yields what it was given, word by word, until it is cancelled."""

    def __init__(self, text: str) -> None:
        self._pieces = [piece for piece in text.replace(" ", "\0 ").split("\0") if piece]
        self._cancelled = False
        self.usage = Usage()

    def __iter__(self) -> Iterator[str]:
        for piece in self._pieces:
            if self._cancelled:
                return
            self.usage += Usage(completion_tokens=1)
            yield piece

    def cancel(self) -> None:
        self._cancelled = True


class ScriptedGenerator:
    """A generator that answers from a list of replies, in turn, and remembers what it was asked."""

    info = ModelInfo("scripted", "", "fake")
    context_tokens = 4096

    def __init__(self, replies: Sequence[str] = (), yes: float = 0.9) -> None:
        self.replies = list(replies)
        self.yes = yes
        self.asked: list[Sequence[Message]] = []

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: Sequence[str] = (), opening: str = ""
    ) -> ScriptedStream:
        self.asked.append(messages)
        return ScriptedStream(self.replies.pop(0))

    def first_token_logprobs(
        self, messages: Sequence[Message], candidates: Sequence[str]
    ) -> tuple[Mapping[str, float], Usage]:
        self.asked.append(messages)
        odds = [self.yes, 1 - self.yes]
        return {c: float(np.log(p)) for c, p in zip(candidates, odds, strict=True)}, Usage(prompt_tokens=1)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def close(self) -> None:
        pass


@pytest.fixture
def bag_embedder() -> Embedder:
    return BagOfWordsEmbedder()


@pytest.fixture
def embedder_of() -> Callable[[str], Embedder]:
    """Opens a stand-in embedder whose weights have the given sha256."""
    return BagOfWordsEmbedder


@pytest.fixture
def scripted() -> Callable[..., ScriptedGenerator]:
    return ScriptedGenerator


@pytest.fixture
def make_passage() -> Callable[..., Passage]:
    """A passage made of the given sentences, one space apart."""

    def make(*sentences: str, document_id: str = "doc", heading: tuple[str, ...] = (), start: int = 0) -> Passage:
        spans, text = [], ""
        for sentence in sentences:
            text += " " if text else ""
            spans.append(Span(start + len(text), start + len(text) + len(sentence)))
            text += sentence
        identity = hashlib.sha256(f"{document_id}{text}".encode()).hexdigest()[:16]
        return Passage(
            identity, document_id, f"Title of {document_id}", start, start + len(text), text, "en", heading, None,
            tuple(spans),
        )  # fmt: skip

    return make


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings of the checkout, its corpus and the index that `make setup` built; every answer is made anew."""
    chosen = load_settings(corpus_dir=ROOT / "corpus", index_dir=ROOT / ".pincite" / "index")
    answering = chosen.answering.model_copy(update={"repeated_answers": 0})
    return chosen.model_copy(update={"answering": answering})


@pytest.fixture(scope="session")
def embedder(settings: Settings) -> Embedder:
    """The real default embedder."""
    return open_embedder(settings)


@pytest.fixture(scope="session")
def assistant(settings: Settings) -> Iterator[Assistant]:
    """The real assistant over the shipped corpus, with the default models."""
    with open_assistant(settings) as opened:
        yield opened
