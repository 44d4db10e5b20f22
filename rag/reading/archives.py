"""Zip containers (Office files, EPUB): checked before any library unpacks them."""

from __future__ import annotations

import zipfile
from pathlib import Path

from rag.errors import UnreadableFileError

MAX_UNPACKED_BYTES = 256 * 1024**2
# Parts that are parsed into a tree take many times their size in memory.
MAX_TREE_BYTES = 32 * 1024**2
_TREE_SUFFIXES = (".xml", ".xhtml", ".html", ".htm", ".rels", ".opf", ".ncx")
_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def check_archive(path: Path, *, largest_tree: int = MAX_TREE_BYTES) -> None:
    """Check that the file is a sound zip archive which does not unpack to more than memory should hold.

    The sizes come from the archive's directory; ``zipfile`` never unpacks more of a member than that says.

    Raises:
        UnreadableFileError: not a zip archive, damaged, encrypted, or too large once unpacked.
    """
    _check_not_compound(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableFileError(f"broken {path.suffix} file: {error}", "Open it and save it again.") from error
    if any(member.flag_bits & 0x1 for member in members):
        raise UnreadableFileError("encrypted", "Save it without a password.")
    trees = [member.file_size for member in members if member.filename.lower().endswith(_TREE_SUFFIXES)]
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED_BYTES or max(trees, default=0) > largest_tree:
        raise UnreadableFileError(f"too large once unpacked ({total / 1e6:,.0f} MB)", "Split it into smaller files.")


def _check_not_compound(path: Path) -> None:
    """Office wraps a file with a password, and stored its formats of before 2007, in a compound file."""
    with path.open("rb") as stream:
        if stream.read(len(_COMPOUND_FILE)) != _COMPOUND_FILE:
            return
        stream.seek(0)
        if _ENCRYPTED_PACKAGE in stream.read():
            raise UnreadableFileError("encrypted", "Save it without a password.")
    raise UnreadableFileError("an Office format of before 2007", f"Save it as a current {path.suffix} file.")
