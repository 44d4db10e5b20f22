"""Markdown, rendered to the plain text that a reader of the page sees."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import UnreadableFileError
from rag.reading.base import Extract
from rag.reading.composing import Composer
from rag.reading.encoding import decode
from rag.reading.front_matter import split_front_matter
from rag.reading.html_tree import compose_html, parse_html
from rag.reading.normalising import HARD_BREAK, flow_text, normalise
from rag.reading.tables import table_lines

if TYPE_CHECKING:
    from markdown_it.token import Token
    from markdown_it.tree import SyntaxTreeNode

_DEEPEST_NESTING = 100
# The parser takes about 200 bytes for each character.
_MOST_CHARACTERS = 8_000_000
_UNSEEN_TAG = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)
_BREAK_TAG = re.compile(r"<br\b", re.IGNORECASE)


class MarkdownReader:
    """Reads Markdown (CommonMark and tables) with YAML front matter."""

    format = "markdown"

    def read(self, path: Path) -> Extract:
        """See ``Reader``."""
        metadata, body = split_front_matter(normalise(decode(path.read_bytes())))
        if len(body) > _MOST_CHARACTERS:
            raise UnreadableFileError(f"too large for Markdown: {len(body):,} characters", "Split it or name it .txt.")
        composer = Composer()
        compose_markdown(body, composer)
        return composer.finish(title=str(metadata.get("title") or ""), metadata=metadata)


def compose_markdown(source: str, composer: Composer) -> None:
    """Write the Markdown ``source`` into ``composer``: marks gone, links as their label, rows one line each."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - not needed for other formats
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415

    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST_NESTING}).enable("table")
    _compose_children(SyntaxTreeNode(parser.parse(source)), composer)


def _compose_children(node: SyntaxTreeNode, composer: Composer, depth: int = 0) -> None:
    for child in node.children:
        _compose_block(child, composer, depth)


def _compose_block(node: SyntaxTreeNode, composer: Composer, depth: int) -> None:
    """Write a block; ``depth`` counts the lists around it."""
    match node.type:
        case "heading":
            composer.heading(int(node.tag.removeprefix("h")), _inline_text(node))
        case "paragraph" if depth:
            composer.item(_inline_text(node), depth=depth - 1)
        case "paragraph":
            composer.paragraph(_inline_text(node))
        case "bullet_list" | "ordered_list":
            _compose_list(node, composer, depth)
        case "table":
            rows = [[_inline_text(cell) for cell in row.children] for part in node.children for row in part.children]
            composer.lines(table_lines(rows[0], rows[1:]))
        case "fence" | "code_block":
            composer.code(node.content)
        case "html_block":
            compose_html(parse_html(node.content), composer)
        case _:
            _compose_children(node, composer, depth)


def _compose_list(node: SyntaxTreeNode, composer: Composer, depth: int) -> None:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start=first):
        marker = f"{number}. " if node.type == "ordered_list" else "- "
        blocks = item.children
        if blocks and blocks[0].type == "paragraph":
            composer.item(_inline_text(blocks[0]), marker, depth)
            blocks = blocks[1:]
        for block in blocks:
            _compose_block(block, composer, depth + 1)


def _inline_text(node: SyntaxTreeNode) -> str:
    """Return the running text of a heading, paragraph or cell: "\\n" only where a hard break stands."""
    tokens = [token for inline in node.children if inline.token for token in inline.token.children or ()]
    return flow_text("".join(_pieces(tokens)))


def _pieces(tokens: Sequence[Token]) -> Iterator[str]:
    unseen = False
    for token in tokens:
        if token.type == "html_inline":
            if tag := _UNSEEN_TAG.match(token.content):
                unseen = not tag[1]
            elif _BREAK_TAG.match(token.content):
                yield HARD_BREAK
        elif unseen:
            continue
        elif token.type == "hardbreak":
            yield HARD_BREAK
        elif token.type == "softbreak":
            yield "\n"
        elif token.type == "image":
            yield from _pieces(token.children or ())
        else:
            yield token.content
