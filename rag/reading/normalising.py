"""One form of text for all formats, so that offsets, hashes and comparisons mean the same everywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# A line break that its author meant, until ``flow_text`` has dealt with the others.
HARD_BREAK = "\u2028"

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NO_BREAK_SPACE = re.compile("[\u00a0\u2007\u202f]")
# Controls, and what shows nothing yet splits words or hides text: soft hyphens, zero-width spaces, bidirectional
# controls, byte order marks, annotation and tag characters, noncharacters, lone surrogates. The joiners U+200C and
# U+200D stay: scripts and emoji need them.
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_BLANKS = re.compile(r"[^\S\n]+")
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def normalise(text: str) -> str:
    """Return ``text`` in NFC with "\\n" line ends and without characters that show nothing. Idempotent."""
    text = _LINE_END.sub("\n", text)
    text = _NO_BREAK_SPACE.sub(" ", text)
    return unicodedata.normalize("NFC", _REMOVED.sub("", text))


def join_lines(lines: Iterable[str]) -> str:
    """Join the lines of a wrapped paragraph: by a space, or by nothing between two CJK characters."""
    parts: list[str] = []
    for line in lines:
        stripped = line.strip()
        if not stripped:
            continue
        if parts and not (_CJK.match(parts[-1][-1]) and _CJK.match(stripped[0])):
            parts.append(" ")
        parts.append(stripped)
    return "".join(parts)


def flow_text(raw: str) -> str:
    """Return running text as it is read: blanks collapsed, soft line ends joined, hard breaks as "\\n"."""
    hard_lines = (join_lines(_BLANKS.sub(" ", part).split("\n")) for part in raw.split(HARD_BREAK))
    return "\n".join(line for line in hard_lines if line)


def one_line(raw: str) -> str:
    """Return ``raw`` normalised and on a single line: for titles and table cells."""
    return normalise(join_lines(_BLANKS.sub(" ", normalise(raw)).split("\n")))
