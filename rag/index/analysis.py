"""From text to the terms that are indexed, searched and compared: one analysis for all of them.

Text is folded (NFKC: full-width forms become plain ones) and lowercased. Runs of Chinese are segmented into words,
long words also into the words inside them; other words are stripped of accents and stemmed as English (Porter2);
numbers stay whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.domain import Span
from rag.index.stop_words import STOP_WORDS
from rag.language import HAN

if TYPE_CHECKING:
    from tantivy import TextAnalyzer

_HAN_CLASS = HAN.pattern[1:-1]
_LETTER = rf"[^\W\d_{_HAN_CLASS}]"
_WORD = re.compile(
    rf"(?P<han>[{_HAN_CLASS}]+)"
    rf"|(?P<number>(?:\d{{1,3}}(?:,\d{{3}})++|\d++)(?:\.\d+)*+(?!{_LETTER})%?)"
    # A name and its number are two words, written together or not: "iPhone16". "Q3" and "e5" stay one.
    rf"|(?P<word>{_LETTER}{{3,}}(?=\d)|[^\W_{_HAN_CLASS}]+(?:'{_LETTER}+)*)"
)
_FOLDS = str.maketrans({"’": "'", "‘": "'", "％": "%"})
# Longer "words" are encoded data, not language.
_LONGEST_WORD = 64


def analyze(text: str) -> list[str]:
    """Return the terms of ``text`` in order, repeats and stop words included.

    A percentage gives two terms, "11.1" and "11.1%", so that it also meets "11.1 percent"; thousands separators go.
    """
    return _stem(_words(text))


def content_terms(text: str) -> list[str]:
    """Return the distinct terms of ``text`` in order, stop words left out; all its terms where only those are left."""
    terms = _stem(word for word in _words(text) if word not in STOP_WORDS)
    return list(dict.fromkeys(terms or analyze(text)))


def term_spans(text: str, terms: Collection[str]) -> list[Span]:
    """Return where ``terms`` (as analysed) occur in ``text``: disjoint spans in order, for highlighting."""
    spans: list[Span] = []
    for match in _WORD.finditer(text.translate(_FOLDS)):
        if match["han"]:
            spans.extend(_han_spans(match["han"], match.start(), terms))
        elif not set(analyze(match[0])).isdisjoint(terms):
            spans.append(Span(match.start(), match.end()))
    return spans


def _words(text: str) -> Iterator[str]:
    for match in _WORD.finditer(unicodedata.normalize("NFKC", text).translate(_FOLDS).lower()):
        if match["han"]:
            yield from _segment(match["han"])
        elif match["number"]:
            number = match["number"].replace(",", "")
            yield number.removesuffix("%")
            if number.endswith("%"):
                yield number
        elif len(match["word"]) <= _LONGEST_WORD:
            yield match["word"]


def _segment(run: str) -> list[str]:
    import rjieba  # noqa: PLC0415 - loads a dictionary

    words: list[str] = rjieba.cut_for_search(run)
    return words


def _stem(words: Iterator[str]) -> list[str]:
    return _stemmer().analyze(" ".join(words))


@lru_cache(maxsize=1)
def _stemmer() -> TextAnalyzer:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer  # noqa: PLC0415 - a native library

    builder = TextAnalyzerBuilder(Tokenizer.whitespace())
    return builder.filter(Filter.ascii_fold()).filter(Filter.stemmer("english")).build()


def _han_spans(run: str, offset: int, terms: Collection[str]) -> Iterator[Span]:
    covered = [False] * len(run)
    for term in terms:
        start = run.find(term)
        while start >= 0:
            covered[start : start + len(term)] = [True] * len(term)
            start = run.find(term, start + 1)
    for match in re.finditer("1+", "".join("1" if on else "0" for on in covered)):
        yield Span(offset + match.start(), offset + match.end())
