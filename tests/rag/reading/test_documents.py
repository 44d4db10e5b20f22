from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.domain import Document
from rag.errors import UnreadableFileError
from rag.reading import read_document
from rag.reading.markdown import MarkdownReader
from rag.settings import ReadingSettings

_Read = Callable[..., Document]


def test_identity_falls_back_to_the_path_and_title_to_heading_then_name(read: _Read) -> None:
    document = read("notes/day one.md", "## Low\n\n# High\n\ntext")
    assert (document.id, document.path, document.title) == ("notes/day one.md", "notes/day one.md", "High")
    assert document.version == hashlib.sha256(document.text.encode()).hexdigest()
    assert read("notes/day two.md", "text").title == "day two"


def test_the_version_hangs_on_the_text_alone(read: _Read) -> None:
    first, second = read("a.md", "---\nid: 1\n---\nSome *text*"), read("b.txt", "Some\r\ntext".encode("utf-16"))
    assert first.version == second.version
    assert first.id == "1"


@pytest.mark.parametrize(
    ("stated", "text", "language"),
    [("en", "苹果", "en"), ("zh-CN", "Apple", "zh"), ("de", "苹果与阿里巴巴", "zh"), ("", "Apple chose", "en")],
)
def test_language(read: _Read, stated: str, text: str, language: str) -> None:
    assert read("a.md", f"---\nlanguage: {stated}\n---\n{text}").language == language


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.md", b"", "^empty$"),
        ("a.md", b"---\ntitle: only\n---\n \n", "no text in it"),
        ("a.txt", b" \n\t\n", "no text in it"),
        ("a.html", b"<script>x()</script>", "no text in it"),
        ("a.csv", b"\n", "no text in it"),
        ("a.xyz", b"text", "unknown file type .xyz"),
        ("a.txt", b"\0\1\2" * 50, "binary data"),
        ("a.md", b"---\nid: [a]\n---\ntext", "id is not a name"),
        ("a.docx", b"not a zip", "broken .docx file"),
        ("a.pptx", b"not a zip", "broken .pptx file"),
        ("a.xlsx", b"not a zip", "broken .xlsx file"),
        ("a.epub", b"not a zip", "broken .epub file"),
        ("a.pdf", b"not a pdf", "broken PDF"),
    ],
)
def test_reasons(read: _Read, name: str, content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as caught:
        read(name, content)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", [".docx", ".pptx", ".xlsx", ".epub"])
def test_an_archive_of_something_else_is_broken(read: _Read, suffix: str, write_zip: Callable[..., bytes]) -> None:
    with pytest.raises(UnreadableFileError, match=r"broken"):
        read(f"a{suffix}", write_zip({"hello.txt": "hi"}))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (ReadingSettings(max_file_mb=0.0001), r"too large: 0.0 MB, allowed are 0.0001"),
        (ReadingSettings(max_characters=100), "too large: 200 characters, allowed are 100"),
    ],
)
def test_limits(tmp_path: Path, settings: ReadingSettings, reason: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x" * 200)
    with pytest.raises(UnreadableFileError, match=reason):
        read_document(path, tmp_path, settings)


def test_what_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    with pytest.raises(UnreadableFileError, match="not readable: no such file"):
        read_document(path, tmp_path, ReadingSettings())
    path.mkdir()
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        read_document(path, tmp_path, ReadingSettings())
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        read_document(tmp_path / "pipe.md", tmp_path, ReadingSettings())

    def deny(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "b.md").write_text("text")
    monkeypatch.setattr(Path, "read_bytes", deny)
    with pytest.raises(UnreadableFileError, match="not readable: permission denied"):
        read_document(tmp_path / "b.md", tmp_path, ReadingSettings())


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        (KeyError("word/document.xml"), r"broken markdown file \(KeyError: 'word/document.xml'\)"),
        (RecursionError(), "nested too deeply"),
    ],
)
def test_any_failure_of_a_library_has_a_reason(
    read: _Read, monkeypatch: pytest.MonkeyPatch, raised: Exception, reason: str
) -> None:
    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr(MarkdownReader, "read", fail)
    with pytest.raises(UnreadableFileError, match=reason):
        read("a.md", "text")
