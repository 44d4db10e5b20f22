"""Indexes of suites, made by the same curating as a user's own folder, and kept by the content they were made from."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

import yaml

from eval.suites import CorpusRow, Suite
from rag.settings import Settings

_MARKDOWN_MARK = re.compile(r"([!-/:-@\[-`{-~])")


def suite_settings(suite: Suite, settings: Settings) -> Settings:
    """Return ``settings`` with the suite's corpus and index folders; for the own pairs, ``settings`` itself.

    The corpus is written as files beside the project's index, in a folder named after its content and the settings
    that an index depends on, unless it is there already.
    """
    if suite.folder is None:
        return settings
    rows = list(suite.corpus())
    home = settings.index_dir.parent / "eval" / f"{suite.name}-{_fingerprint(rows, settings)}"
    if not (home / "corpus").is_dir():
        _write_corpus(rows, home / "corpus")
    return settings.model_copy(update={"corpus_dir": home / "corpus", "index_dir": home / "index"})


def as_markdown(row: CorpusRow) -> str:
    """Return Markdown that reads back as the row: its id and title as front matter, its text with no mark in force.

    Every ASCII punctuation character is escaped (CommonMark 0.31, section 2.4) and every line end is a hard break.
    """
    front_matter = {"id": row.id} | ({"title": row.title} if row.title.strip() else {})
    lines = [_MARKDOWN_MARK.sub(r"\\\1", line.strip()) for line in row.text.splitlines() or [""]]
    body = "\n".join(
        line + "\\" if line and following else line for line, following in zip(lines, [*lines[1:], ""], strict=True)
    )
    return f"---\n{yaml.safe_dump(front_matter, allow_unicode=True)}---\n\n{body}\n"


def _fingerprint(rows: list[CorpusRow], settings: Settings) -> str:
    digest = hashlib.sha256(f"{settings.embedder}\n{settings.chunking!r}\n".encode())
    for row in rows:
        digest.update(repr((row.id, row.title, row.text)).encode())
    return digest.hexdigest()[:16]


def _write_corpus(rows: list[CorpusRow], folder: Path) -> None:
    beside = folder.with_name(folder.name + ".part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for number, row in enumerate(rows, start=1):
        (beside / f"{number:06}.md").write_text(as_markdown(row), encoding="utf-8")
    beside.replace(folder)
