"""From a file to a Document."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from rag.domain import Document, Language, Metadata
from rag.errors import UnreadableFileError
from rag.language import detect_language
from rag.reading.base import Extract, Reader
from rag.reading.normalising import one_line
from rag.reading.registry import reader_for
from rag.settings import ReadingSettings


def read_document(path: Path, corpus_dir: Path, settings: ReadingSettings) -> Document:
    """Read a file of the corpus, whatever its format.

    The id is the front matter's, or else the path relative to ``corpus_dir``; the title is the front matter's, or
    else the first level-1 heading, or else the file's name.

    Raises:
        UnreadableFileError: the file is of an unknown type, empty, too large, broken, encrypted or not permitted.
    """
    reader = reader_for(path)
    _check_size(path, settings)
    extract = _extract(reader, path)
    if not extract.text.strip():
        raise UnreadableFileError("no text in it", "Leave it out of the corpus folder.")
    if len(extract.text) > settings.max_characters:
        raise UnreadableFileError(
            f"too large: {len(extract.text):,} characters, allowed are {settings.max_characters:,}",
            "Split it, or raise reading.max_characters.",
        )
    relative = path.relative_to(corpus_dir).as_posix()
    return Document(
        id=_id(extract.metadata) or relative,
        title=_title(extract) or path.stem,
        path=relative,
        text=extract.text,
        language=_language(extract),
        version=hashlib.sha256(extract.text.encode()).hexdigest(),
        format=reader.format,
        metadata=extract.metadata,
        headings=extract.headings,
        pages=extract.pages,
        blocks=extract.blocks,
    )


def _check_size(path: Path, settings: ReadingSettings) -> None:
    try:
        status = path.stat()
    except OSError as error:
        raise _not_readable(error) from error
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError("not a regular file", "Keep only documents in the corpus folder.")
    if status.st_size == 0:
        raise UnreadableFileError("empty", "Leave it out of the corpus folder.")
    if status.st_size > settings.max_file_mb * 1e6:
        raise UnreadableFileError(
            f"too large: {status.st_size / 1e6:,.1f} MB, allowed are {settings.max_file_mb:g}",
            "Split it, or raise reading.max_file_mb.",
        )


def _extract(reader: Reader, path: Path) -> Extract:
    """Run the reader. Libraries answer broken files with nearly any exception; one file must not stop the rest."""
    try:
        return reader.read(path)
    except UnreadableFileError:
        raise
    except RecursionError as error:
        raise UnreadableFileError("nested too deeply", "Simplify the file.") from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:  # the system's, not a library's for a missing part
            raise _not_readable(error) from error
        detail = one_line(f"{type(error).__name__}: {error}")[:200]
        raise UnreadableFileError(f"broken {reader.format} file ({detail})", "Open it and save it again.") from error


def _not_readable(error: OSError) -> UnreadableFileError:
    reason = (error.strerror or type(error).__name__).lower()
    return UnreadableFileError(f"not readable: {reason}", "Check that the file is there and its permissions.")


def _id(metadata: Metadata) -> str:
    value = metadata.get("id")
    if value is None:
        return ""
    if isinstance(value, tuple | bool) or not one_line(str(value)):
        raise UnreadableFileError("front matter: id is not a name", "Give it a word or number, or leave it out.")
    return one_line(str(value))


def _title(extract: Extract) -> str:
    return extract.title or next((heading.title for heading in extract.headings if heading.level == 1), "")


def _language(extract: Extract) -> Language:
    """Return the front matter's language ("zh" and "zh-CN" alike) or the text's."""
    match str(extract.metadata.get("language", "")).lower().replace("_", "-").split("-")[0]:
        case "en":
            return "en"
        case "zh":
            return "zh"
        case _:
            return detect_language(extract.text)
