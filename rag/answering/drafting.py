"""Cites the sentences of a draft while it is being written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answering.citing import Citer
from rag.answering.events import Cited
from rag.chunking.sentences import split_sentences
from rag.domain import Span

# What follows a stop decides whether it ended a sentence: a word, of which the splitter reads so many characters.
_LOOK_AHEAD = 33


class DraftCiter:
    """Takes a draft piece by piece and cites each sentence once it has ended.

    Now and then what comes later shows that a sentence had not ended (a bracket closes, a line turns out a table row):
    then all are cited anew at the end, and what ``finish`` leaves in ``citer`` is what counts.
    """

    def __init__(self, open_citer: Callable[[], Citer]) -> None:
        self._open_citer = open_citer
        self._text = ""
        self._ended: list[Span] = []
        self.citer = open_citer()

    @property
    def text(self) -> str:
        """The draft so far, without white space around it."""
        return self._text.rstrip()

    def add(self, piece: str) -> list[Cited]:
        """Take a piece of the draft and cite the sentences that have ended with it."""
        self._text = (self._text + piece).lstrip()
        spans = split_sentences(self._text)
        known = len(self._ended)
        ended = sum(following.start + _LOOK_AHEAD <= len(self._text) for following in spans[1:])
        return self._cite(spans[known:ended])

    def finish(self) -> list[Cited]:
        """Cite the rest of the draft."""
        spans = split_sentences(self.text)
        if spans[: len(self._ended)] != self._ended:
            self._ended, self.citer = [], self._open_citer()
        return self._cite(spans[len(self._ended) :])

    def _cite(self, spans: Sequence[Span]) -> list[Cited]:
        cited = []
        for span in spans:
            gap = self._text[self._ended[-1].end if self._ended else 0 : span.start]
            listed = len(self.citer.citations)
            sentence = self.citer.cite(span.of(self._text), gap)
            cited.append(Cited(sentence, tuple(self.citer.citations[listed:])))
            self._ended.append(span)
        return cited
