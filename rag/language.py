"""Which language a text is in: by script first, by a statistical model for the Latin one."""

from __future__ import annotations

import re
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from rag.domain import Language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_OTHER_LETTER = re.compile(r"[^\W\d_A-Za-z\u00c0-\u024f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_KANA_OR_HANGUL = re.compile(r"[\u3041-\u30ff\uac00-\ud7af]")
_SAMPLE_CHARACTERS = 4000
_LEAST_LETTERS_FOR_MODEL = 24
# A Han character carries about as much as this many Latin letters.
_HAN_WEIGHT = 3
# The lesser script's share of a text in both.
_LEAST_MIXED_SHARE = 0.2
# Threads that come at once must not each load the model.
_LOADING = Lock()
# English is told from these alone: creoles and Latin in the model draw short English questions full of names to them.
_LATIN_LANGUAGES = "en ca cs da de es fi fr hr hu id it ms nl no pl pt ro sv tr vi".split()


def detect_language(text: str, short: Language = "en") -> Language:
    """Return "zh", "en" or "other" for ``text``.

    Latin text of under a couple of dozen letters, and text without any, counts as ``short``: no model tells languages
    apart reliably there.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    han, latin = len(HAN.findall(sample)), len(_LATIN.findall(sample))
    foreign = len(_OTHER_LETTER.findall(sample))
    if len(_KANA_OR_HANGUL.findall(sample)) > 0.1 * (han + latin) or foreign > han + latin:
        return "other"
    if han * _HAN_WEIGHT > latin:
        return "zh"
    if latin < _LEAST_LETTERS_FOR_MODEL:
        return short
    with _LOADING:
        identifier = _identifier()
    code, probability = identifier.classify(sample)
    return "other" if code != "en" and probability > 0.95 else "en"


def is_mixed(text: str) -> bool:
    """Whether ``text`` holds so much of both scripts, as a glossary does, that questions in either find their words."""
    han, latin = len(HAN.findall(text)) * _HAN_WEIGHT, len(_LATIN.findall(text))
    return min(han, latin) >= _LEAST_MIXED_SHARE * (han + latin) > 0


def load_identifier() -> None:
    """Load the model that tells languages apart, for half a second, which otherwise the first question does."""
    with _LOADING:
        _identifier()


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - loads numpy and a model

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LATIN_LANGUAGES)
    return identifier
