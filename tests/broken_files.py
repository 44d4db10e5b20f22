"""The ways in which a file can be broken, each with a part of the reason that is given for refusing it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.handmade_files import ENCRYPTED, epub_bytes, pdf_bytes

# Files larger than this are refused where ``PINCITE_READING__MAX_FILE_MB`` says so; no sound document comes near.
LOWERED_MAX_FILE_MB = 0.25
# What Office makes of a file with a password.
_ENCRYPTED_OFFICE_FILE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Damage:
    """``apply`` makes a broken file out of a sound one of ``kind`` and chance."""

    kind: str
    reason: str
    apply: Callable[[bytes, random.Random], bytes]


def _cut(sound: bytes, _: random.Random) -> bytes:
    return sound[: len(sound) // 2]


def _garbage(_: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(4000)


def _replaced(content: bytes) -> Callable[[bytes, random.Random], bytes]:
    return lambda _sound, _chance: content


def _too_large(sound: bytes, _: random.Random) -> bytes:
    return sound * int(LOWERED_MAX_FILE_MB * 1e6 / len(sound) + 2)


def _damaged_utf8(sound: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(sound) // 2)
    return sound[:place] + b"\xff" + sound[place:]


def _copy_protected(_sound: bytes, _chance: random.Random) -> bytes:
    protection = '<encryption><CipherReference URI="OEBPS/1.xhtml"/></encryption>'
    return epub_bytes({"1.xhtml": "<p>secret</p>"}, "Secret", {"META-INF/encryption.xml": protection})


BROKEN = (
    Damage("docx", "broken .docx file", _cut),
    Damage("pdf", "broken PDF", _cut),
    Damage("xlsx", "broken .xlsx file", _cut),
    Damage("epub", "broken .epub file", _cut),
    Damage("pptx", "broken .pptx file", _cut),
    Damage("pdf", "encrypted", _replaced(pdf_bytes([["secret"]], trailer=ENCRYPTED))),
    Damage("docx", "encrypted", _replaced(_ENCRYPTED_OFFICE_FILE)),
    Damage("epub", "copy protection", _copy_protected),
    Damage("md", "empty", _replaced(b"")),
    Damage("csv", "empty", _replaced(b"")),
    Damage("txt-utf8", "no text in it", _replaced(b" \n\n \n")),
    Damage("html", "no text in it", _replaced(b"<!DOCTYPE html><html><body></body></html>")),
    Damage("pdf", "no text in it (scanned?)", _replaced(pdf_bytes([[], []]))),
    Damage("txt-utf16", "binary data", _garbage),
    Damage("pdf", "broken PDF", _garbage),
    Damage("docx", "broken .docx file", _garbage),
    Damage("md", "broken front matter", _replaced(b"---\ntitle: [never closed\n---\n\nText.\n")),
    Damage("md", "front matter at line 2 is not a mapping", _replaced(b"---\n- a list\n---\n\nText.\n")),
    Damage("txt-utf8", "too large", _too_large),
    Damage("txt-utf8", "damaged UTF-8", _damaged_utf8),
)
