"""From bytes to text: UTF-8, UTF-16, GB18030, and what charset-normalizer knows beyond these."""

from __future__ import annotations

import codecs
import re

from rag.errors import UnreadableFileError

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with that one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ("utf-16-le", "utf-16-be", "gb18030")
_SAMPLE_CHARACTERS = 4000
_LEAST_PLAUSIBLE = 0.75
_MOST_ACCENTS = 0.3
_ORDINARY = re.compile("[\t\n\r -~\u00a3\u00a9\u00ae\u00b0\u00c0-\u00ff\u2010-\u2026\u20ac\u3000-\u3011\uff01-\uff5e]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
# GB 2312 orders its Han characters by how common they are: rows 0xB0 to 0xD7 hold the 3,755 of daily use.
_COMMON_HAN_ROWS = range(0xB0, 0xD8)


def decode(raw: bytes, declared: str = "") -> str:
    """Decode the bytes of a text file.

    A byte order mark decides; then valid UTF-8 does; then the encoding that the file itself declares; then whichever
    of UTF-16 and GB18030 gives ordinary characters; then charset-normalizer.

    Raises:
        UnreadableFileError: binary data, damaged UTF-8, or no encoding that fits.
    """
    text = _decode_marked(raw)
    if text is None:
        text = _try(raw, "utf-8")
    if text is None or "\0" in text:
        text = _decode_declared(raw, declared) or _decode_unmarked(raw) or _decode_guessed(raw)
    if len(_CONTROL.findall(text)) > 0.01 * len(text):
        raise UnreadableFileError("binary data, not text", "Keep only documents in the corpus folder.")
    return text


def _decode_marked(raw: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            text = _try(raw, encoding)
            if text is None:
                raise UnreadableFileError(f"damaged {encoding.upper()} text", "Save the file again as UTF-8.")
            return text
    return None


def _decode_declared(raw: bytes, declared: str) -> str | None:
    # GB 2312 and GBK are what pages declare; GB18030 is the superset that they mean.
    encoding = "gb18030" if declared.lower() in ("gb2312", "gbk", "gb_2312-80") else declared
    text = _try(raw, encoding) if encoding else None
    return None if text is None or "\0" in text else text


def _decode_unmarked(raw: bytes) -> str | None:
    """Short texts mislead statistics, so ask of each decoding whether it reads like Chinese or a Western language."""
    decoded = [text for encoding in _UNMARKED if (text := _try(raw, encoding))]
    # Any bytes are letters in Windows-1252; in its own languages few of them are beyond ASCII.
    if sum(byte > 0x7F for byte in raw[:_SAMPLE_CHARACTERS]) < _MOST_ACCENTS * len(raw[:_SAMPLE_CHARACTERS]):
        decoded += filter(None, [_try(raw, "cp1252")])
    best = max(decoded, key=_plausibility, default="")
    return best if best and _plausibility(best) >= _LEAST_PLAUSIBLE else None


def _decode_guessed(raw: bytes) -> str:
    valid = raw.decode("utf-8", "ignore")
    multibyte = len(valid.encode()) - len(valid)
    if multibyte > 10 * (len(raw) - len(valid.encode())):
        raise UnreadableFileError("damaged UTF-8 text", "Save the file again as UTF-8.")
    if b"\0" not in raw:
        from charset_normalizer import from_bytes  # noqa: PLC0415 - rarely needed

        best = from_bytes(raw).best()
        if best is not None:
            return str(best)
    raise UnreadableFileError("binary data or text of an unknown encoding", "Save the file as UTF-8.")


def _plausibility(text: str) -> float:
    """Return the share of ordinary characters, those of ASCII counted only where there is nothing else to judge by."""
    sample = text[:_SAMPLE_CHARACTERS]
    telling = [character for character in sample if character > "\x7f"] or list(sample)
    return sum(_is_ordinary(character) for character in telling) / len(telling)


def _is_ordinary(character: str) -> bool:
    if _ORDINARY.match(character):
        return True
    code = character.encode("gb2312", "ignore")
    return len(code) == 2 and code[0] in _COMMON_HAN_ROWS


def _try(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
