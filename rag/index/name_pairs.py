"""Which Chinese and which Latin writing are one name, as 深度求索 and DeepSeek: mined from what documents say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rag.language import HAN

_HAN_RUN = rf"{HAN.pattern}(?:{HAN.pattern}|·){{1,15}}"
_LATIN_RUN = r"[A-Za-z][A-Za-z0-9]*(?:[ .&'’-]{1,2}[A-Za-z0-9]+){0,6}"
# 私有云计算（Private Cloud Compute）: what stands before the bracket may start before the name.
_HAN_THEN_LATIN = re.compile(rf"({_HAN_RUN})\s?[（(]({_LATIN_RUN})[)）]")
# the Cyberspace Administration of China (国家互联网信息办公室)
_CAPITALISED = r"[A-Z][A-Za-z0-9&'’.-]*(?: (?:of|for|and|[A-Z][A-Za-z0-9&'’.-]*)){0,6}"
_LATIN_THEN_HAN = re.compile(rf"({_CAPITALISED})\s?[（(]({_HAN_RUN})[)）]")
# A row of a glossary, as the readers render it: "English: DeepSeek; Chinese: 深度求索; …".
_ENGLISH_FIELD = re.compile(
    rf"(?:^|; )(?:English|Term|英文|英语)[^:;]*: ({_LATIN_RUN})(?: \(({_LATIN_RUN})\))?(?=;|$)", re.MULTILINE
)
_CHINESE_FIELD = re.compile(rf"(?:^|; )(?:Chinese|中文)[^:;]*: ({_HAN_RUN})", re.MULTILINE)
_ARTICLE = re.compile(r"^(?:The|A|An) ")


@dataclass(frozen=True, slots=True)
class NamePair:
    """One name in both scripts, as written."""

    latin: str
    han: str


def find_name_pairs(text: str) -> set[NamePair]:
    """Return the pairs that ``text`` spells out: in brackets after one another, or in one row of a glossary.

    Where a name starts before its bracket is not marked in Chinese, so each run of whole words that ends there is
    taken, up to the last four.
    """
    pairs = {NamePair(latin, han) for run, latin in _HAN_THEN_LATIN.findall(text) for han in _endings(run)}
    pairs |= {NamePair(_ARTICLE.sub("", latin), han) for latin, han in _LATIN_THEN_HAN.findall(text)}
    for line in text.split("\n"):
        chinese = _CHINESE_FIELD.search(line)
        english = _ENGLISH_FIELD.search(line) if chinese else None
        if chinese and english:
            pairs |= {NamePair(latin, chinese[1]) for latin in english.groups() if latin}
    return pairs


def is_written_in(name: str, text: str) -> bool:
    """Whether ``text`` holds ``name``, a Latin one as whole words."""
    if name not in text:
        return False
    return not name.isascii() or re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text) is not None


def writings_of(name: str, pairs: Iterable[NamePair]) -> set[str]:
    """Return both writings of every pair that ``name`` is one of; none where its other writing is not known."""
    return {writing for pair in pairs for writing in (pair.latin, pair.han) if name in (pair.latin, pair.han)}


def other_writings(text: str, pairs: Iterable[NamePair]) -> list[str]:
    """Return the names of ``text`` as the other script writes them; a Latin one counts where it has a capital."""
    found = []
    for pair in pairs:
        if pair.han in text:
            found.append(pair.latin)
        if pair.latin[0].isupper() and is_written_in(pair.latin, text):
            found.append(pair.han)
    return list(dict.fromkeys(found))


def _endings(run: str) -> list[str]:
    import rjieba  # noqa: PLC0415 - loads its dictionary

    words: list[str] = rjieba.cut(run)
    return [ending for n in range(1, 5) if len(ending := "".join(words[-n:])) > 1 and n <= len(words)]
