"""Walks the corpus folder: which files are documents, and why the others are not."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path, PurePath

from rag.errors import ConfigurationError

# The guide to curating lies in the corpus folder without being a document of it.
_GUIDE = "readme.md"
# Hidden files, and the lock files that office programs leave beside an open document.
_IGNORED_PREFIXES = (".", "~$")


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file to read. ``path`` is relative to the corpus folder, with forward slashes."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that is not read, or could not be, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """What the corpus folder holds, ordered by path. ``root`` is the folder with its own links resolved."""

    root: Path
    files: tuple[CorpusFile, ...]
    skipped: tuple[SkippedFile, ...]


def scan_corpus(corpus_dir: Path, suffixes: Collection[str], leave_out: Path) -> Corpus:
    """List the files of ``corpus_dir`` whose suffix is one of ``suffixes``.

    Hidden files, a README.md at the top and the folder ``leave_out`` are passed over in silence; files of other types,
    links that leave the folder and what cannot be opened are skipped with a reason. Links to folders are not followed,
    so a loop of links cannot trap the walk.

    Raises:
        ConfigurationError: there is no such folder.
    """
    root = corpus_dir.resolve()
    if not root.is_dir():
        raise ConfigurationError(f"The corpus folder {corpus_dir} does not exist.", "Create it or set corpus_dir.")
    skipped: list[SkippedFile] = []
    files = []
    seen: set[str] = set()
    # Links last, so that one to a document of the corpus is told from a document of its own.
    found = [(entry.is_symlink(), name, entry) for name, entry in _walk(root, leave_out.resolve(), skipped)]
    for is_link, name, entry in sorted(found, key=itemgetter(0, 1)):
        reason = (_reason_to_skip_link(entry, root, seen) if is_link else "") or _reason_to_skip(entry, name, suffixes)
        if reason:
            skipped.append(SkippedFile(name, reason))
        else:
            status = entry.stat()
            # Folders are no links here: the path of a file that is none is resolved already.
            seen.add(str(Path(entry.path).resolve()) if is_link else entry.path)
            files.append(CorpusFile(name, status.st_size, status.st_mtime_ns))
    return Corpus(
        root,
        tuple(sorted(files, key=lambda file: file.path)),
        tuple(sorted(skipped, key=lambda file: file.path)),
    )


def _walk(root: Path, leave_out: Path, skipped: list[SkippedFile]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield each file below ``root`` with its name. Entries, not paths: a corpus is listed at every run."""
    folders = [(str(root), "")]
    while folders:
        folder, inside = folders.pop()
        try:
            with os.scandir(folder) as listed:
                entries = list(listed)
        except OSError as error:
            reason = f"the folder cannot be opened: {error.strerror}"
            skipped.append(SkippedFile(inside.removesuffix("/") or ".", reason))
            continue
        for entry in entries:
            name = inside + _printable(entry.name)
            if entry.name.startswith(_IGNORED_PREFIXES):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.path != str(leave_out):
                    folders.append((entry.path, f"{name}/"))
            elif inside or entry.name.lower() != _GUIDE:
                yield name, entry


def _reason_to_skip(entry: os.DirEntry[str], name: str, suffixes: Collection[str]) -> str:
    suffix = PurePath(entry.name).suffix
    if suffix.lower() not in suffixes:
        return f"unsupported file type {suffix}" if suffix else "unsupported file type (no suffix)"
    if not entry.is_file():
        return "not a regular file"
    if not os.access(entry.path, os.R_OK):
        return "permission denied"
    if "\\" in name:
        return "its name is not plain Unicode"
    return ""


def _reason_to_skip_link(entry: os.DirEntry[str], root: Path, seen: Collection[str]) -> str:
    try:
        target = Path(entry.path).resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        return "a link that leads nowhere"
    if not target.is_relative_to(root):
        return "a link that leaves the corpus folder"
    if target.is_dir():
        return "a link to a folder"
    if str(target) in seen:
        return f"a link to {_printable(target.relative_to(root).as_posix())}, which is read itself"
    return ""


def _printable(name: str) -> str:
    """Return ``name`` with escapes, which contain a backslash, for bytes that are no Unicode."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
