from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.languages import preferred_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr-FR, de;q=0.5", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB, zh;q=0.9", "en"),
        ("en;q=0.2, ZH-Hans;q=0.3", "zh"),
        ("zh;q=0", "en"),
        ("zh;q=high", "en"),
        ("*", "en"),
    ],
)
def test_the_language_that_weighs_more_is_taken(header: str, language: str) -> None:
    assert preferred_language(header) == language


@settings(deadline=None)
@given(st.text())
def test_no_header_is_an_error(header: str) -> None:
    assert preferred_language(header) in ("en", "zh")
