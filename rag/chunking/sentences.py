"""Finds the sentences of English, Chinese and mixed text, as exact spans, in linear time.

Rules and not a model, since citations rest on the offsets: a stop ends a sentence unless what stands around it says
otherwise. Whether an abbreviation ended one is decided by the word that follows (the frequent sentence starters of
Kiss and Strunk, "Unsupervised Multilingual Sentence Boundary Detection", 2006, as a fixed list).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.chunking.abbreviations import (
    BEFORE_A_NUMBER,
    LAST_OR_NOT,
    NEVER_LAST,
    SENTENCE_OPENERS,
    SMALL_LETTER_NAMES,
)
from rag.domain import Span

_LINE = re.compile(r"[^\n]+")
_SPACES = re.compile(r"\s*")
_STOP = re.compile(
    r"""(?P<run>[.!?…。！？｡；]+)(?P<close>["'”’」』）)\]】》〉»*_`]*(?:\[\d{1,3}\])*)"""  # [1] is a footnote's number
)
_CHINESE_STOP = re.compile(r"[。！？｡；]")
_CHINESE_START = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff“‘「『（《【]")
_CONTINUATION = frozenset("，、：；。,;:")
# A title such as 《谁动了我的奶酪？》 is a part of its sentence.
_TITLE_CLOSERS = frozenset("》〉")
# Stops inside short brackets do not end the sentence around them.
_BRACKETED = re.compile(r"\([^()\n]{1,200}\)|（[^（）\n]{1,200}）")
# Rows of tables: "Maker: Huawei; Growth: 42%", as the readers write them, and cells parted by tabs or bars.
_NAMED_CELLS = re.compile(r"[^:;,.，。\n]{1,60}: [^\n]*?; [^:;,.，。\n]{1,60}: ")
_PARTED_CELLS = re.compile(r"(?<=[^\s])\t+(?=[^\s])| \| ")
_ENUMERATOR = re.compile(r"[-*+#>•\s]{0,12}[(（]?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[A-Za-z]|[ivxIVX]{1,5})")
_SHORT_NUMBER = re.compile(r"(?<![\d.])\d{1,3}$")
_WORD_BEFORE = re.compile(r"(?:[A-Za-z]+\.)*[A-Za-z]+$")
_DOTTED_LETTERS = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]|[A-Z]")
_NEXT_WORD = re.compile(r"""[\s“‘"'(\[{「『（《【*_`¿¡–—-]*(?P<word>[\w.]{1,32}|.)""", re.DOTALL)
_NEXT_IS_NUMBER = re.compile(r"\s*\d")
_LOOK_BACK = 24
_QUOTE_LOOK_BACK = 300


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences of ``text[start:end]`` in order, as spans in ``text`` without surrounding white space.

    A newline always ends a sentence; a table row is one. Together the spans cover
    every character that is not white space.
    """
    return [span for line in _LINE.finditer(text, start, len(text) if end is None else end) for span in _split(line)]


def trim(text: str, start: int, end: int) -> Span:
    """Return ``text[start:end]`` as a span without the white space around it; blank text gives an empty span."""
    start = min(_skip_spaces(text, start), end)
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _split(line: re.Match[str]) -> Iterator[Span]:
    text = line.string
    kept = trim(text, line.start(), line.end())
    begin, end = kept.start, kept.end
    if begin == end:
        return
    if not _is_table_row(text, begin, end):
        brackets = _BRACKETED.finditer(text, begin, end)
        bracket = next(brackets, None)
        for stop in _STOP.finditer(text, begin, end):
            after = _end_of_closers(stop, begin)
            while bracket and bracket.end() <= after:
                bracket = next(brackets, None)
            if after >= end:
                break
            inside = bracket is not None and bracket.start() < after
            if not inside and stop.start() > begin and _is_boundary(stop, begin, after, end):
                yield Span(begin, after)
                begin = _skip_spaces(text, after)
    yield Span(begin, end)


def _is_table_row(text: str, begin: int, end: int) -> bool:
    return (
        text[begin] == "|"
        or _NAMED_CELLS.match(text, begin, end) is not None
        or _PARTED_CELLS.search(text, begin, end) is not None
    )


def _end_of_closers(stop: re.Match[str], begin: int) -> int:
    """Return where the closing marks after a stop end; a straight quote after 。 may open the next sentence instead."""
    text = stop.string
    if stop["close"].startswith('"') and _CHINESE_STOP.search(stop["run"]):
        opened = text.count('"', max(begin, stop.start() - _QUOTE_LOOK_BACK), stop.start())
        if opened % 2 == 0:
            return stop.end("run")
    return stop.end()


def _is_boundary(stop: re.Match[str], begin: int, after: int, end: int) -> bool:
    text = stop.string
    if _CHINESE_STOP.search(stop["run"]):
        closed_title = not _TITLE_CLOSERS.isdisjoint(text[stop.end("run") : after])
        return not closed_title and text[_skip_spaces(text, after)] not in _CONTINUATION
    if not text[after].isspace() and not _CHINESE_START.match(text, after):
        return False
    if stop["run"] == ".":
        verdict = _judge_full_stop(text, begin, stop.start(), after)
        if verdict is not None:
            return verdict
    return _starts_sentence(_next_word(text, after, end))


def _judge_full_stop(text: str, begin: int, stop: int, after: int) -> bool | None:
    """Decide by what stands before a full stop; None leaves it to what follows."""
    if _ENUMERATOR.fullmatch(text, begin, stop):
        return False
    nearest = max(begin, stop - _LOOK_BACK)
    if not text[after].isspace() and _SHORT_NUMBER.search(text, nearest, stop):
        return False
    found = _WORD_BEFORE.search(text, nearest, stop)
    word = found.group() if found else ""
    if word.lower() in NEVER_LAST:
        return False
    if word.lower() in BEFORE_A_NUMBER and _NEXT_IS_NUMBER.match(text, after):
        return False
    if word.lower() in LAST_OR_NOT or _DOTTED_LETTERS.fullmatch(word):
        follower = _next_word(text, after, len(text))
        return follower[:1].isupper() and follower.lower() in SENTENCE_OPENERS
    return None


def _next_word(text: str, position: int, end: int) -> str:
    """Return the next word, stops in it and after it kept ("A." is an initial, "A" is not), or else character."""
    found = _NEXT_WORD.match(text, position, end)
    return found["word"] if found else ""


def _starts_sentence(word: str) -> bool:
    if word[:1] in _CONTINUATION:
        return False
    return not word[:1].islower() or word in SMALL_LETTER_NAMES or any(letter.isupper() for letter in word)


def _skip_spaces(text: str, position: int) -> int:
    found = _SPACES.match(text, position)
    return found.end() if found else position
