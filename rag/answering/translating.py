"""Going over to the language of the sources, and back.

Where the sources are in the other language, the question is searched in both, and the answer is drafted in theirs and
translated last: a small model reads within one language, and its draft is checked there, far better than across two.
It translates poorly, so the sentence that was checked stays beside its translation
(docs/decisions/0026-the-language-of-the-sources.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from rag.answering.citing import Prose
from rag.answering.literals import extract_literals
from rag.answering.magnitudes import converted
from rag.answering.markers import as_markers
from rag.domain import AnswerSentence, Message, Usage
from rag.generation.base import Generator
from rag.generation.prompting import render
from rag.language import detect_language

_MAX_TOKENS = 160
_GAP = {"en": " ", "zh": ""}
_BESIDE = {"en": "{translation} ({original})", "zh": "{translation}（{original}）"}


def translate_question(question: str, language: Literal["en", "zh"], generator: Generator) -> tuple[str, Usage]:
    """Return ``question`` in ``language``, empty where the model does not manage, and the tokens that it cost."""
    prompt = render("translate_question", language, question=question)
    translation, usage = _translation(question, language, prompt, generator)
    return translation or "", usage


def translate(prose: Prose, question: str, language: Literal["en", "zh"], generator: Generator) -> tuple[Prose, Usage]:
    """Return ``prose`` in ``language`` and the tokens that it cost.

    Each sentence keeps its citations, and stands in brackets after its translation. What the model does not put into
    ``language``, or with other figures, stays alone.
    """
    text, spent = "", Usage()
    sentences: list[AnswerSentence] = []
    for sentence in prose.sentences:
        prompt = render("translate", language, question=question, sentence=converted(sentence.text, language))
        translation, usage = _translation(sentence.text, language, prompt, generator)
        spent += usage
        told = _told(sentence, translation, language)
        start = len(text) + (len(_GAP[language]) if text else 0)
        marks = as_markers(sentence.citations)
        text = f"{text.ljust(start)}{told.text}{marks}"
        sentences.append(replace(told, start=start, end=start + len(told.text)))
    return Prose(text, tuple(sentences)), spent


def _translation(
    text: str, language: Literal["en", "zh"], prompt: Sequence[Message], generator: Generator
) -> tuple[str | None, Usage]:
    """Return what the model makes of ``text``; None where that is in ``language`` already, or the reply is not."""
    if _is_written_in(language, text):
        return None, Usage()
    stream = generator.stream(prompt, max_tokens=_MAX_TOKENS, stop=["\n"])
    translation = "".join(stream).strip()
    return (translation if translation and _is_written_in(language, translation) else None), stream.usage


def _is_written_in(language: Literal["en", "zh"], text: str) -> bool:
    return (detect_language(text, short="en") == "zh") == (language == "zh")


def _told(sentence: AnswerSentence, translation: str | None, language: Literal["en", "zh"]) -> AnswerSentence:
    if translation is None or not _gives_same_figures(sentence.text, translation):
        return sentence
    return replace(sentence, text=_BESIDE[language].format(translation=translation, original=sentence.text))


def _gives_same_figures(sentence: str, translation: str) -> bool:
    before, after = extract_literals(sentence), extract_literals(translation)
    return all(figure.covered_by(after) for figure in before) and all(figure.covered_by(before) for figure in after)
