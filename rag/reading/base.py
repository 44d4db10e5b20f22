"""What a reader is, and which one reads which file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from rag.domain import Heading, Metadata, Page, Span


@dataclass(frozen=True, slots=True)
class Extract:
    """What a reader gets out of a file, before it becomes a Document.

    ``text`` is normalised (NFC, "\\n" line ends, no control characters but newline and tab); all spans are in it.
    """

    text: str
    title: str = ""
    metadata: Metadata = field(default_factory=dict)
    headings: tuple[Heading, ...] = ()
    pages: tuple[Page, ...] = ()
    blocks: tuple[Span, ...] = ()


class Reader(Protocol):
    """Reads one family of formats."""

    @property
    def format(self) -> str:
        """The name of the format in summaries: "markdown", "pdf"."""

    def read(self, path: Path) -> Extract:
        """Read the file.

        Raises:
            UnreadableFileError: broken, encrypted, empty or of an unknown encoding; the message is the reason.
        """
