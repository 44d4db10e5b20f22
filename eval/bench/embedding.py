"""Our embedding against sentence-transformers' own in float32 with its defaults: how fast, and how alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from eval.bench.goals import Row, at_least, at_most
from eval.bench.spread import Spread, spread
from eval.suites import Query
from rag import Embedder
from rag.embedding.base import Vectors

_NEAREST = 10
# Of the windows of neighbouring sentences that are embedded, as an index embeds both sentences and passages.
_WINDOW_LENGTHS = (1, 1, 1, 2, 4, 8)


Embed: TypeAlias = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Embedding:
    """Tokens a second of both, of one part of the texts a round; the rest is over all texts.

    ``found`` is the share of queries that have a text with their answer among the ten nearest: plainly, and with ours.
    """

    texts: int
    tokens: int
    plain: Spread
    ours: Spread
    ratio: Spread
    least_cosine: float
    found: tuple[float, float]

    def rows(self) -> list[Row]:
        """Return the lines of the table."""
        return [
            Row("ingest", "sentence-transformers in float32, tokens embedded a second", self.plain),
            Row("ingest", "tokens embedded a second", self.ours),
            Row("ingest", "times faster", self.ratio, at_least(4.0)),
            Row("ingest", "least cosine of a vector to its float32 one", _one(self.least_cosine), at_least(0.995)),
            Row("ingest", "recall@10 in float32", _one(self.found[0])),
            Row("ingest", "recall@10 lost", _one(self.found[0] - self.found[1]), at_most(0.005)),
        ]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts of mixed length, and queries with the rows of those that hold their answer."""

    texts: Sequence[str]
    queries: Sequence[str]
    relevant: Sequence[frozenset[int]]


def labelled(documents: Mapping[str, Sequence[str]], queries: Sequence[Query], count: int, seed: int = 7) -> Labelled:
    """Return ``count`` texts, each of one or several neighbouring sentences of a document, no two alike.

    ``documents`` are lists of sentences by id. Of ``queries`` come those whose answer stands in a text of one of their
    relevant documents.
    """
    starts = [(name, start, n) for name, own in documents.items() for start in range(len(own)) for n in _WINDOW_LENGTHS]
    order = np.random.default_rng(seed).permutation(len(starts))
    texts = {" ".join(documents[name][start : start + n]): name for name, start, n in (starts[at] for at in order)}
    kept = list(texts.items())[:count]
    rows = [
        frozenset(
            row
            for row, (text, name) in enumerate(kept)
            if name in query.relevant and any(form.casefold() in text.casefold() for form in query.answers)
        )
        for query in queries
    ]
    return Labelled(
        texts=[text for text, _ in kept],
        queries=[query.question for query, found in zip(queries, rows, strict=True) if found],
        relevant=[found for found in rows if found],
    )


def measure(
    plain: Embed, embedder: Embedder, labelled: Labelled, runs: int, done: Callable[[], None] = lambda: None
) -> Embedding:
    """Embed the texts in ``runs`` parts with both, by turns, after a few to warm up. ``done`` is called after each."""
    texts = labelled.texts
    embed: Mapping[str, Embed] = {"plain": plain, "ours": embedder.embed_passages}
    for one in embed.values():
        one(texts[:8])
    parts = [texts[start::runs] for start in range(runs)]
    sizes = [sum(map(embedder.count_tokens, part)) for part in parts]
    rates: dict[str, list[float]] = {"plain": [], "ours": []}
    vectors: dict[str, list[Vectors]] = {"plain": [], "ours": []}
    for number, (part, tokens) in enumerate(zip(parts, sizes, strict=True)):
        for name in list(embed)[:: -1 if number % 2 else 1]:
            began = time.perf_counter()
            vectors[name].append(embed[name](part))
            rates[name].append(tokens / (time.perf_counter() - began))
            done()
    back = np.argsort(np.concatenate([np.arange(len(texts))[start::runs] for start in range(runs)]))
    theirs, ours = (np.concatenate(vectors[name])[back] for name in ("plain", "ours"))
    asked = embedder.embed_queries(labelled.queries)
    return Embedding(
        texts=len(texts),
        tokens=sum(sizes),
        plain=spread(rates["plain"]),
        ours=spread(rates["ours"]),
        ratio=spread([b / a for a, b in zip(rates["plain"], rates["ours"], strict=True)]),
        least_cosine=float(np.einsum("ij,ij->i", theirs, ours).min()),
        found=(_recall(asked @ theirs.T, labelled), _recall(asked @ ours.T, labelled)),
    )


def _recall(scores: Vectors, labelled: Labelled) -> float:
    nearest = np.argsort(-scores, axis=1)[:, :_NEAREST]
    return float(
        np.mean([bool(rows & set(found)) for rows, found in zip(labelled.relevant, nearest.tolist(), strict=True)])
    )


def _one(value: float) -> Spread:
    return spread([value])
