"""Makes passages: runs of whole sentences of one section, of a size that an embedder reads well."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from rag.chunking.clauses import count_sentence_tokens, split_long_sentence
from rag.chunking.sections import Section, section_sentences, split_sections
from rag.domain import Document, Passage, Span
from rag.embedding.base import TokenCounter
from rag.language import detect_language
from rag.settings import ChunkingSettings

_ID_CHARACTERS = 16
_CONTEXT_HEADINGS = 3
_CONTEXT_LINE_CHARACTERS = 64
# Tokens of a whole are not exactly the sum of its sentences' tokens: this share of the embedder's limit stays free.
_SLACK = 16
_LEAST_ROOM = 8


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, or a piece of one too long for a passage, and its tokens with the white space that follows it."""

    span: Span
    tokens: int


def split_passages(document: Document, counter: TokenCounter, settings: ChunkingSettings) -> list[Passage]:
    """Return the passages of ``document``, ordered by start; every non-blank character is in at least one.

    Passages aim at ``settings.target_tokens``. A passage still under a third of that takes the next sentence whatever
    its length, and a last passage that small joins the one before, as long as passage, title and headings together
    (see :func:`embedding_text`) fit ``counter.max_tokens``, of which a sixteenth stays free. A passage repeats up to
    ``settings.overlap_sentences`` sentences of the one before in its section, together at most a third of the target.
    A heading's line is the first sentence of its section. Each sentence is counted once: linear in the text.
    """
    sections = split_sections(document)
    passages = []
    for section, sentences in zip(sections, section_sentences(document, sections), strict=True):
        room = _room(document.title, section.heading_path, counter)
        target = min(settings.target_tokens, room)
        units = _units(document.text, sentences, counter, target)
        tokens = [unit.tokens for unit in units]
        runs = _overlapped(_runs(tokens, target, room), tokens, settings.overlap_sentences, target, room)
        passages += [_passage(document, section, [unit.span for unit in units[run.start : run.stop]]) for run in runs]
    return passages


def embedding_text(passage: Passage) -> str:
    """Return what is embedded and indexed for ``passage``: title, headings and text, a line each, outside its offsets.

    Lines that the text itself opens with are not repeated; the last three headings are kept, and of a title or heading
    the first 64 characters.
    """
    opening = {line.strip("#= \t") for line in passage.text.split("\n", 8)[:8]}
    lines = dict.fromkeys((passage.title, *passage.heading_path[-_CONTEXT_HEADINGS:]))
    return "\n".join(
        [*(_context_line(line) for line in lines if line.strip() not in opening and line.strip()), passage.text]
    )


def own_sentences(passage: Passage) -> list[Span]:
    """Return the sentences of ``passage`` without its headings, which its source line shows."""
    headings = {passage.title, *passage.heading_path}
    return [span for span in passage.sentences if passage.text_of(span) not in headings]


def _context_line(line: str) -> str:
    return " ".join(line.split())[:_CONTEXT_LINE_CHARACTERS]


def _room(title: str, heading_path: Sequence[str], counter: TokenCounter) -> int:
    """Return the tokens that the embedder's limit leaves to a passage's own text."""
    lines = (title, *heading_path[-_CONTEXT_HEADINGS:])
    context = sum(counter.count_tokens(_context_line(line)) + 1 for line in lines)
    return max(_LEAST_ROOM, counter.max_tokens - counter.max_tokens // _SLACK - context)


def _units(text: str, sentences: Sequence[Span], counter: TokenCounter, target: int) -> list[_Unit]:
    units = []
    for sentence in sentences:
        tokens = count_sentence_tokens(text, sentence, counter) + 1
        if tokens <= target:
            units.append(_Unit(sentence, tokens))
            continue
        pieces = split_long_sentence(text, sentence, counter, target - 1)
        units += [_Unit(piece, count_sentence_tokens(text, piece, counter) + 1) for piece in pieces]
    return units


def _runs(tokens: Sequence[int], target: int, room: int) -> list[range]:
    """Part the units into runs of about ``target`` tokens, none under a third of it where ``room`` allows."""
    runs: list[range] = []
    start = total = before = 0
    for unit, count in enumerate(tokens):
        small = total * 3 < target
        if unit > start and not (total + count <= target or (small and total + count <= room)):
            runs.append(range(start, unit))
            start, before, total = unit, total, 0
        total += count
    if runs and total * 3 < target and before + total <= room:
        start = runs.pop().start
    return [*runs, range(start, len(tokens))] if tokens else []


def _overlapped(runs: Sequence[range], tokens: Sequence[int], most: int, target: int, room: int) -> list[range]:
    """Let each run start up to ``most`` units earlier, later than the run before and within a third of the target."""
    result = list(runs[:1])
    for previous, run in pairwise(runs):
        start, spare = run.start, min(target // 3, room - sum(tokens[run.start : run.stop]))
        while run.start - start < most and start - 1 > previous.start and tokens[start - 1] <= spare:
            start -= 1
            spare -= tokens[start]
        result.append(range(start, run.stop))
    return result


def _passage(document: Document, section: Section, sentences: Sequence[Span]) -> Passage:
    span = Span(sentences[0].start, sentences[-1].end)
    text = span.of(document.text)
    return Passage(
        id=_passage_id(document, span),
        document_id=document.id,
        title=document.title,
        start=span.start,
        end=span.end,
        text=text,
        language=detect_language(text, short=document.language),
        heading_path=section.heading_path,
        page=_page(document, span.start),
        sentences=tuple(sentences),
    )


def _passage_id(document: Document, span: Span) -> str:
    """Name a span of a version of a document: the version is part of it, since the offsets hold only there."""
    key = "\0".join((document.id, document.version, str(span.start), str(span.end)))
    return sha256(key.encode()).hexdigest()[:_ID_CHARACTERS]


def _page(document: Document, position: int) -> int | None:
    index = bisect_right(document.pages, position, key=lambda page: page.start)
    return document.pages[index - 1].number if index else None
