"""A conversation to take away: as Markdown whose footnotes are the citations, and as JSON.

Titles, questions, answers and quotes are data. In the Markdown every character that could be markup is escaped, so that
nothing in them loads, links or hides anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from rag.domain import Answer, Citation, Verdict
from server.store.base import Conversation

_CONVERSATION = TypeAdapter(Conversation)
_VERSION_CHARACTERS = 12
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#!|~$^&@]")
# What renderers turn into a link though no bracket surrounds it: an address, a host, the name of a file.
_BARE_LINK = re.compile(r"(?<=\w):(?=/)|(?<=\w)\.(?=[^\W\d_])")
# What would make a list, a rule or a heading of a line.
_LINE_START = re.compile(r"^(\d*)([-+=:.)])")
# They would turn the rest of a line around, the reference of a footnote included.
_TURNS_AROUND = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_BETWEEN_PARAGRAPHS = re.compile(r"\n\s*\n")
_HARD_BREAK = "\\\n"
_UNFINISHED = "*(no answer)*"
_VERDICTS: Mapping[tuple[str, Verdict], str] = {
    ("en", "partial"): " *(partly supported)*",
    ("en", "unsupported"): " *(not supported by any source)*",
    ("zh", "partial"): " *（仅部分有据）*",
    ("zh", "unsupported"): " *（没有来源支持）*",
}


class _Footnotes:
    """Numbers the citations of a whole conversation; the same span of the same document has one footnote."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._numbers: dict[tuple[str, str, int, int], int] = {}

    def mark(self, citation: Citation) -> str:
        """Return the reference to a citation's footnote."""
        place = (citation.document.id, citation.document.version, citation.start, citation.end)
        if place not in self._numbers:
            self._numbers[place] = len(self._numbers) + 1
            self.lines.append(f"[^{self._numbers[place]}]: {_footnote(citation)}")
        return f"[^{self._numbers[place]}]"


def conversation_json(conversation: Conversation) -> dict[str, Any]:
    """Return a conversation with its turns, each with its whole Answer."""
    dumped: dict[str, Any] = _CONVERSATION.dump_python(conversation, mode="json")
    return dumped


def conversation_markdown(conversation: Conversation) -> str:
    """Return a conversation as Markdown: a heading for each question, its answer, and all citations as footnotes."""
    footnotes = _Footnotes()
    blocks = [f"# {escape_line(conversation.title) or conversation.id}"]
    for turn in conversation.turns:
        blocks.append(f"## {escape_line(turn.question)}")
        blocks.append(_UNFINISHED if turn.answer is None else _answer(turn.answer, footnotes))
    return "\n\n".join([*blocks, *footnotes.lines]) + "\n"


def escape(text: str) -> str:
    """Return Markdown that shows ``text`` as it is, its lines and paragraphs kept."""
    paragraphs = _BETWEEN_PARAGRAPHS.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = ([escape_line(line) for line in paragraph.split("\n")] for paragraph in paragraphs)
    return "\n\n".join(_HARD_BREAK.join(filter(None, paragraph)) for paragraph in lines)


def escape_line(text: str) -> str:
    """Return Markdown that shows ``text`` on one line, runs of blanks as one."""
    line = " ".join(text.translate(_TURNS_AROUND).split())
    line = _BARE_LINK.sub(r"\\\g<0>", _MARKUP.sub(r"\\\g<0>", line))
    return _LINE_START.sub(r"\1\\\2", line)


def _answer(answer: Answer, footnotes: _Footnotes) -> str:
    if not answer.sentences:
        return escape(answer.text)
    citations = {citation.marker: citation for citation in answer.citations}
    parts, end = [], answer.sentences[0].start
    for sentence in answer.sentences:
        parts.append(_gap(answer.text[end : sentence.start]))
        parts.append(escape_line(sentence.text))
        parts += [footnotes.mark(citations[marker]) for marker in sentence.citations]
        parts.append(_VERDICTS.get((answer.language, sentence.verdict), ""))
        end = sentence.end
    return "".join(parts)


def _gap(between: str) -> str:
    """Return what separates two sentences: the markers in between are replaced, the white space is kept."""
    lines = between.count("\n")
    blank = any(character.isspace() for character in between)
    return "\n\n" if lines > 1 else _HARD_BREAK if lines else " " if blank else ""


def _footnote(citation: Citation) -> str:
    document = citation.document
    place = " › ".join(escape_line(part) for part in dict.fromkeys((document.title, *citation.heading)))
    page = "" if citation.page is None else f", p. {citation.page}"
    source = f"{escape_line(document.path)}, version {escape_line(document.version[:_VERSION_CHARACTERS])}"
    return f"{place}{page}: “{escape_line(citation.quote)}” ({source})"
