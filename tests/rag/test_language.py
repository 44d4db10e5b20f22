"""The language of a text, by script and by model."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain import Language
from rag.language import detect_language, is_mixed


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Why did Apple choose Alibaba for its AI features in China?", "en"),
        ("苹果为什么没有选择DeepSeek？", "zh"),
        ("Apple Intelligence在中国大陆什么时候上线？", "zh"),
        ("蘋果為什麼選擇阿里巴巴？", "zh"),
        ("Apple chose Alibaba (阿里巴巴), the company behind the model Qwen (通义千问), over Baidu.", "en"),
        ("Huawei, Xiaomi, Oppo, vivo and Honor", "en"),
        ("Maker: Huawei; Growth: 42%; Quarter: Q3 2024", "en"),
        ("When did Honda, Toyota and Nissan open US assembly plants?", "en"),
        ("What are malum prohibitum considerations?", "en"),
        ("¿Cuánto cayeron los ingresos de Apple en China?", "other"),
        ("Pourquoi Apple a-t-elle choisi Alibaba pour ses fonctions d'intelligence artificielle en Chine ?", "other"),
        ("¿Por qué eligió Apple a Alibaba para sus funciones de inteligencia artificial en China?", "other"),
        ("Warum hat sich Apple in China für die Zusammenarbeit mit Alibaba entschieden?", "other"),
        ("アップルはなぜアリババを選んだのですか？", "other"),
        ("애플은 왜 알리바바를 선택했습니까?", "other"),
        ("Почему Apple выбрала Alibaba?", "other"),
        ("لماذا اختارت آبل علي بابا؟", "other"),
    ],
)
def test_the_language_of_sentences(text: str, language: Language) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "42% 2024", "iPhone 16", "Q3: 11.1"])
def test_text_too_short_to_tell_counts_as_asked(text: str) -> None:
    assert detect_language(text) == "en"
    assert detect_language(text, short="zh") == "zh"


def test_short_chinese_is_chinese_whatever_is_asked() -> None:
    assert detect_language("苹果", short="en") == "zh"


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_language(text: str) -> None:
    assert detect_language(text) in ("en", "zh", "other")


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("English: Personal Information Protection Law; Chinese: 个人信息保护法", True),
        ("苹果公司（Apple）选择与阿里巴巴合作，阿里巴巴掌握大量的消费者数据。", False),
        ("Apple chose Alibaba (阿里巴巴), the company behind the model Qwen, over Baidu and others.", False),
        ("42%", False),
        ("", False),
    ],
)
def test_a_glossary_holds_both_scripts_and_a_name_in_brackets_does_not(text: str, mixed: bool) -> None:
    assert is_mixed(text) is mixed
