"""Names in a sentence: capitalised or oddly shaped Latin words, and what the Chinese tagger calls a proper noun."""

from __future__ import annotations

import re
import unicodedata

from rag.language import HAN

_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-'’.&][A-Za-z0-9]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;。！？：；\n\"“”‘(（\[]\s*)$")
# Capitalised, but read as dates (rag.answering.literals) or as plain words.
_NOT_NAMES = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday q1 q2 q3 q4 i i'm i'd i've".split()
)
# Tags of persons, places, organisations and other proper nouns in the tagger's set.
_PROPER_NOUN_TAGS = ("nr", "ns", "nt", "nz")
# Tagged as places, though they name none.
_KINDS_OF_PLACES = frozenset({"城市", "国家", "地区", "省份", "大陆", "全国", "各地", "县城", "乡镇"})
_TITLE_MARKS = re.compile(r"《([^《》]{1,60})》")


def names_in(text: str, known: frozenset[str] = frozenset()) -> list[str]:
    """Return the names of ``text`` as written, in both scripts, in no particular order, possibly repeated."""
    return latin_names(text, known) + (chinese_names(text) if HAN.search(text) else [])


def latin_names(text: str, known: frozenset[str] = frozenset()) -> list[str]:
    """Return the Latin-script names of ``text``, as written.

    A capitalised word at the start of a sentence is no evidence of a name and is left out, unless it is ``known`` to
    be one or its shape says more (DeepSeek, CAC, R1).
    """
    names = []
    for match in _LATIN_WORD.finditer(text):
        word = match.group()
        if word.casefold() in _NOT_NAMES:
            continue
        shaped = any(c.isupper() for c in word[1:]) or any(c.isdigit() for c in word)
        capitalised = word[0].isupper() and len(word) > 1
        amid_han = bool(HAN.search(text[max(0, match.start() - 2) : match.start()]))
        if (
            shaped
            or word.removesuffix("'s").removesuffix("’s") in known
            or (capitalised and (amid_han or not _SENTENCE_START.search(text[: match.start()])))
        ):
            names.append(word)
    return names


def chinese_names(text: str) -> list[str]:
    """Return the Chinese proper nouns of ``text`` of at least two characters, and titles in 《》."""
    import rjieba  # noqa: PLC0415 - loads its dictionary

    tagged = [
        word
        for word, tag in rjieba.tag(text)
        if tag.startswith(_PROPER_NOUN_TAGS)
        and len(word) > 1
        and word not in _KINDS_OF_PLACES
        and all(HAN.match(character) for character in word)
    ]
    return tagged + _TITLE_MARKS.findall(text)


def fold_name(name: str) -> str:
    """Return a name in the form in which names are compared: NFKC, lower case, possessive and separators removed."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("’", "'").removesuffix("'s")
    return re.sub(r"[\s\-_.&·・']+", "", folded)


def is_named(name: str, folded: str) -> bool:
    """Whether ``folded``, a text as ``fold_name`` leaves it, holds ``name`` or its singular."""
    sought = fold_name(name)
    return sought in folded or (len(sought) > 3 and sought.isascii() and sought.removesuffix("s") in folded)
