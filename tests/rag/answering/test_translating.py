from collections.abc import Callable
from typing import Any

from rag.answering.citing import Prose
from rag.answering.translating import translate
from rag.domain import AnswerSentence, Usage

QUESTION = "苹果为什么选择阿里巴巴？"
DATA = "Apple chose Alibaba for its consumer data."
SALES = "Sales fell 11.1% in 2024."


def prose_of(*sentences: str) -> Prose:
    text, cited = "", []
    for marker, sentence in enumerate(sentences, start=1):
        start = len(text) + bool(text)
        text = f"{text.ljust(start)}{sentence}[{marker}]"
        cited.append(AnswerSentence(sentence, start, start + len(sentence), "supported", 0.9, (marker,)))
    return Prose(text, tuple(cited))


def test_the_checked_sentence_stands_beside_its_translation_and_keeps_its_citations(
    scripted: Callable[..., Any],
) -> None:
    generator = scripted(["苹果因消费者数据选择了阿里巴巴。", "2024年销量下降11.1%。"])
    prose, usage = translate(prose_of(DATA, SALES), QUESTION, "zh", generator)
    assert prose.text == f"苹果因消费者数据选择了阿里巴巴。（{DATA}）[1]2024年销量下降11.1%。（{SALES}）[2]"
    assert [sentence.citations for sentence in prose.sentences] == [(1,), (2,)]
    assert {sentence.verdict for sentence in prose.sentences} == {"supported"}
    for sentence in prose.sentences:
        assert prose.text[sentence.start : sentence.end] == sentence.text
    assert usage.completion_tokens > 0
    assert QUESTION in generator.asked[0][-1].content


def test_sentences_translated_into_english_are_kept_apart(scripted: Callable[..., Any]) -> None:
    prose, _ = translate(prose_of("销量下降。", "利润上升。"), "Why?", "en", scripted(["Sales fell.", "Profit rose."]))
    assert prose.text == "Sales fell. (销量下降。)[1] Profit rose. (利润上升。)[2]"


def test_a_translation_with_other_figures_is_not_shown(scripted: Callable[..., Any]) -> None:
    for other in ("2024年销量下降12%。", "销量下降。", "2024年11月销量下降11.1%。"):
        prose, _ = translate(prose_of(SALES), QUESTION, "zh", scripted([other]))
        assert prose == prose_of(SALES)


def test_large_numbers_are_told_in_the_units_of_the_other_language(scripted: Callable[..., Any]) -> None:
    generator = scripted(["Hunyuan-Large has 389 billion parameters."])
    prose, _ = translate(prose_of("Hunyuan-Large总共有3890亿个参数。"), "How many?", "en", generator)
    assert "389 billion 个参数" in generator.asked[0][-1].content
    assert prose.text == "Hunyuan-Large has 389 billion parameters. (Hunyuan-Large总共有3890亿个参数。)[1]"


def test_what_is_in_the_language_asked_for_is_left_alone(scripted: Callable[..., Any]) -> None:
    generator = scripted([])
    there = prose_of("苹果选择了阿里巴巴。")
    assert translate(there, QUESTION, "zh", generator) == (there, Usage())
    assert generator.asked == []


def test_a_reply_in_the_wrong_language_leaves_the_sentence_as_it_was(scripted: Callable[..., Any]) -> None:
    for reply in (DATA, ""):
        prose, _ = translate(prose_of(DATA), QUESTION, "zh", scripted([reply]))
        assert prose == prose_of(DATA)
