"""Walks the corpus folder: which files are documents, and why the others are not."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

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
    seen: set[Path] = set()
    # Links last, so that one to a document of the corpus is told from a document of its own.
    found = [(path.is_symlink(), name, path) for name, path in _walk(root, leave_out.resolve(), skipped)]
    for is_link, name, path in sorted(found):
        reason = (_reason_to_skip_link(path, root, seen) if is_link else "") or _reason_to_skip(path, name, suffixes)
        if reason:
            skipped.append(SkippedFile(name, reason))
        else:
            status = path.stat()
            # Folders are no links here: the path of a file that is none is resolved already.
            seen.add(path.resolve() if is_link else path)
            files.append(CorpusFile(name, status.st_size, status.st_mtime_ns))
    return Corpus(
        root,
        tuple(sorted(files, key=lambda file: file.path)),
        tuple(sorted(skipped, key=lambda file: file.path)),
    )


def _walk(root: Path, leave_out: Path, skipped: list[SkippedFile]) -> Iterator[tuple[str, Path]]:
    """Yield each file below ``root`` with its name."""

    def refuse(error: OSError) -> None:
        skipped.append(SkippedFile(_name(Path(error.filename), root), f"the folder cannot be opened: {error.strerror}"))

    for folder, subfolders, names in os.walk(root, onerror=refuse):
        here = Path(folder)
        links = [name for name in subfolders if (here / name).is_symlink()]
        subfolders[:] = [name for name in subfolders if not _is_ignored(name) and here / name != leave_out]
        inside = "" if here == root else f"{_name(here, root)}/"
        for name in names + links:
            if not _is_ignored(name) and not (here == root and name.lower() == _GUIDE):
                yield inside + _printable(name), here / name


def _reason_to_skip(path: Path, name: str, suffixes: Collection[str]) -> str:
    if path.suffix.lower() not in suffixes:
        return f"unsupported file type {path.suffix}" if path.suffix else "unsupported file type (no suffix)"
    if not path.is_file():
        return "not a regular file"
    if not os.access(path, os.R_OK):
        return "permission denied"
    if "\\" in name:
        return "its name is not plain Unicode"
    return ""


def _reason_to_skip_link(path: Path, root: Path, seen: Collection[Path]) -> str:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        return "a link that leads nowhere"
    if not target.is_relative_to(root):
        return "a link that leaves the corpus folder"
    if target.is_dir():
        return "a link to a folder"
    if target in seen:
        return f"a link to {_name(target, root)}, which is read itself"
    return ""


def _is_ignored(name: str) -> bool:
    return name.startswith(_IGNORED_PREFIXES)


def _name(path: Path, root: Path) -> str:
    return _printable(path.relative_to(root).as_posix())


def _printable(name: str) -> str:
    """Return ``name`` with escapes, which contain a backslash, for bytes that are no Unicode."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
