from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.reading import archives
from rag.reading.archives import check_archive


def _archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return path


def test_a_sound_archive_passes(tmp_path: Path) -> None:
    check_archive(_archive(tmp_path / "a.docx", document_xml=b"<x/>"))


def test_what_is_no_archive_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(UnreadableFileError, match=r"broken \.docx file"):
        check_archive(path)


def test_a_part_that_is_too_large_to_parse(tmp_path: Path) -> None:
    path = _archive(tmp_path / "bomb.docx", document_xml=bytes(archives.MAX_TREE_BYTES + 1))
    assert path.stat().st_size < 100_000
    with pytest.raises(UnreadableFileError, match=r"too large once unpacked \(34 MB\)"):
        check_archive(path)
    check_archive(path, largest_tree=archives.MAX_UNPACKED_BYTES)


def test_a_bomb_of_many_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 5000)
    path = _archive(tmp_path / "bomb.pptx", a_png=bytes(2000), b_png=bytes(2000), c_png=bytes(2000))
    with pytest.raises(UnreadableFileError, match="too large once unpacked"):
        check_archive(path)


def test_encrypted_members(tmp_path: Path) -> None:
    path = _archive(tmp_path / "a.epub", a_xml=b"x")
    raw = bytearray(path.read_bytes())
    directory = raw.index(b"PK\x01\x02")
    raw[directory + 8] |= 1
    path.write_bytes(raw)
    with pytest.raises(UnreadableFileError, match=r"^encrypted$"):
        check_archive(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [("EncryptedPackage".encode("utf-16-le"), "^encrypted$"), (b"WordDocument", "an Office format of before 2007")],
)
def test_compound_files(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + content)
    with pytest.raises(UnreadableFileError, match=reason):
        check_archive(path)
