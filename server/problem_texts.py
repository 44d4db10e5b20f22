"""The words of problems, from ``locales/problems.*.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from server.languages import InterfaceLanguage


def title(slug: str, language: InterfaceLanguage) -> str:
    """Return what kind of problem it is, in a few words."""
    words: str = _texts(language)["problems"][slug]["title"]
    return words


def detail(slug: str, language: InterfaceLanguage, particulars: Mapping[str, object]) -> str:
    """Return what happened and what to do; of the ``particulars`` that the words name, those not given are left out."""
    words: str = _texts(language)["problems"][slug]["detail"]
    return words.format_map(_Blank(particulars)).strip()


def field_message(entry: Mapping[str, Any], language: InterfaceLanguage) -> str:
    """Return why a part of a request cannot be taken; where there are no words for it, in those of the error itself."""
    words: str | None = _texts(language)["fields"].get(entry.get("type"))
    return words.format_map(_Blank(entry.get("ctx", {}))) if words else entry.get("message") or entry["msg"]


class _Blank(dict[str, object]):
    """Stands for what is not given with nothing."""

    def __missing__(self, key: str) -> str:
        return ""


@lru_cache
def _texts(language: InterfaceLanguage) -> dict[str, Any]:
    text = (files("server") / "locales" / f"problems.{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
