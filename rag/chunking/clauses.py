"""Parts a sentence that is too long for a passage: a run-on, a line of code, a blob."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

from rag.chunking.sentences import trim
from rag.domain import Span
from rag.embedding.base import TokenCounter

_CLAUSE_ENDS = frozenset("，、：；）。！？")
_SPACED_CLAUSE_ENDS = frozenset(",;:)]}|.!?–—")
# Some tokenizers make one unknown token of a word of any length; none has a real token longer than this.
_LONGEST_TOKEN = 32


def count_sentence_tokens(text: str, sentence: Span, counter: TokenCounter) -> int:
    """Return the tokens of ``sentence`` in ``text``, a token taken to be at most 32 characters long."""
    return max(counter.count_tokens(sentence.of(text)), (sentence.end - sentence.start) // _LONGEST_TOKEN)


def split_long_sentence(text: str, sentence: Span, counter: TokenCounter, most: int) -> list[Span]:
    """Return pieces of ``sentence`` of about equal length, at most ``most`` tokens each, that tile it but for spaces.

    Cuts fall between tokens: in the second half of a piece at the last end of a clause, else at the last white space,
    else where the piece is full.
    """
    words = sentence.of(text)
    starts = [
        start
        for token in counter.token_spans(words)
        for start in range(token.start, max(token.end, token.start + 1), _LONGEST_TOKEN)
    ]
    cuts, first = [0], 0
    while len(starts) - first > most:
        left = len(starts) - first
        full = first + ceil(left / ceil(left / most))
        first = _best_border(words, starts, (first + full + 1) // 2, full)
        if first == len(starts):
            break
        cuts.append(starts[first])
    cuts.append(len(words))
    pieces = (trim(text, sentence.start + start, sentence.start + end) for start, end in pairwise(cuts))
    return [piece for piece in pieces if piece.end > piece.start]


def _best_border(words: str, starts: list[int], low: int, high: int) -> int:
    """Return the token, from ``low`` to ``high``, before which to cut; past ``high`` where none there has a border."""
    borders = [token for token in range(low, high + 1) if starts[token] > starts[token - 1]]
    if borders:
        return max(borders, key=lambda token: (_fitness(words, starts[token]), token))
    while high < len(starts) and starts[high] <= starts[high - 1]:
        high += 1
    return high


def _fitness(words: str, position: int) -> int:
    """Return how well a cut before ``position`` reads: 2 after a clause, 1 at white space, 0 elsewhere."""
    before = words[max(0, position - 2) : position].rstrip()
    spaced = words[position].isspace() or words[position - 1].isspace()
    if before[-1:] in _CLAUSE_ENDS or (spaced and before[-1:] in _SPACED_CLAUSE_ENDS):
        return 2
    return int(spaced)
