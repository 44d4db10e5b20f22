from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UnreadableFileError
from rag.reading.encoding import decode

_CHINESE = "据IDC称，2024年第三季度苹果在中国的智能手机销量下降了0.3%，而华为增长了42%。\n"
_ENGLISH = "Apple’s revenue in Greater China fell 11.1% year over year.\n"
_ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030"]


@pytest.mark.parametrize("encoding", _ENCODINGS)
@pytest.mark.parametrize("text", [_CHINESE, _ENGLISH, _CHINESE + _ENGLISH, "苹果的收入"])
def test_unicode_and_chinese_encodings(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", ["苹果", "你好，世界", "华为 Huawei 42% growth", "“苹果”——库克", "中国\n"])
def test_short_chinese_in_gb18030(text: str) -> None:
    assert decode(text.encode("gb18030")) == text


def test_other_encodings() -> None:
    western, traditional = "Le café crème brûlée à la façon de mémé", "蘋果與阿里巴巴合作，為中國用戶提供人工智慧功能。"
    assert decode(western.encode("cp1252")) == western
    assert decode(traditional.encode("big5")) == traditional
    assert decode("かな".encode("shift_jis"), declared="shift_jis") == "かな"
    assert decode("镕基".encode("gbk"), declared="GB2312") == "镕基"


def test_a_wrong_declaration_is_no_harm() -> None:
    assert decode(_CHINESE.encode("gb18030"), declared="no-such") == _CHINESE
    assert decode(_CHINESE.encode(), declared="latin-1") == _CHINESE


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + random.Random(1).randbytes(400), "binary"),
        (b"\0" * 64, "binary"),
        (bytes(range(1, 128)), "binary"),
        (_CHINESE.encode() + b"\xff" + _CHINESE.encode(), "damaged UTF-8"),
        (b"\xff\xfe\x00", "damaged UTF-16"),
    ],
)
def test_what_is_no_text_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        decode(raw)


@given(st.binary(max_size=200))
def test_any_bytes_give_text_or_a_reason(raw: bytes) -> None:
    try:
        text = decode(raw)
    except UnreadableFileError:
        return
    assert isinstance(text, str)
    assert "\0" not in text or text.count("\0") <= 0.01 * len(text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80))
def test_valid_utf8_is_taken_as_it_is(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")
