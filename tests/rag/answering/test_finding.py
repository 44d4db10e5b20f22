from collections.abc import Callable
from typing import Any

from rag.answering.finding import Finder
from rag.domain import Hit, Language, Passage, Usage

QUESTION = "苹果为什么选择阿里巴巴？"


class _Retriever:
    def __init__(self, *languages: Language) -> None:
        self._hits = [Hit(Passage(f"{n}", "d", "d", 0, 1, "t", language), 1.0) for n, language in enumerate(languages)]
        self.asked: list[tuple[str, str]] = []

    def search(self, query: str, *, translation: str = "", **_: object) -> list[Hit]:
        self.asked.append((query, translation))
        return self._hits


def test_a_question_is_searched_as_translated_where_the_sources_are_in_the_other_language(
    scripted: Callable[..., Any],
) -> None:
    retriever = _Retriever("en", "en", "zh")
    hits, usage = Finder(retriever, scripted(["Why did Apple choose Alibaba?"])).find(QUESTION, "zh", filters={})  # type: ignore[arg-type]
    assert retriever.asked == [(QUESTION, ""), (QUESTION, "Why did Apple choose Alibaba?")]
    assert usage.completion_tokens > 0
    assert len(hits) == 3


def test_within_a_language_no_model_is_asked(scripted: Callable[..., Any]) -> None:
    cases: list[list[Language]] = [["zh", "en"], ["zh", "en", "en"], ["other", "other"], []]
    for languages in cases:
        retriever = _Retriever(*languages)
        generator = scripted([])
        assert Finder(retriever, generator).find(QUESTION, "zh", filters={})[1] == Usage()  # type: ignore[arg-type]
        assert retriever.asked == [(QUESTION, "")]
        assert generator.asked == []


def test_a_translation_that_is_none_is_not_searched(scripted: Callable[..., Any]) -> None:
    retriever = _Retriever("en")
    Finder(retriever, scripted(["苹果为何选择阿里巴巴？"])).find(QUESTION, "zh", filters={})  # type: ignore[arg-type]
    assert retriever.asked == [(QUESTION, "")]
