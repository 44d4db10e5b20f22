from __future__ import annotations

import pytest

from rag.answering.answer_type import says_what_is_asked


@pytest.mark.parametrize(
    ("question", "draft", "says"),
    [
        ("Who founded Xiaomi?", "Xiaomi was founded in 2023.", False),
        ("Who founded DeepSeek?", "Liang Wenfeng founded DeepSeek in 2023.", True),
        ("DeepSeek是由谁创立的？", "DeepSeek是由Liang Wenfeng创立的。", True),
        ("小米是谁创立的？", "小米创立于2010年。", False),
        ("When did the measures come into force?", "The measures came into force on 1 September 2025.", True),
        ("When did the measures come into force?", "The measures came into force.", False),
        ("On what date in 2024 was it approved?", "It was approved in 2024.", False),
        ("《暂行办法》从哪天起施行？", "《暂行办法》从2023年8月15日起施行。", True),
        ("Which phones use ERNIE?", "Phones use ERNIE.", False),
        ("Which phones use ERNIE?", "The Galaxy S24 uses ERNIE.", True),
        ("Does Apple work with Alibaba?", "Apple works with Alibaba.", True),
        ("苹果是否选择了阿里巴巴？", "苹果选择了阿里巴巴。", True),
        ("What is it?", "", False),
    ],
)
def test_says_what_is_asked(question: str, draft: str, *, says: bool) -> None:
    assert says_what_is_asked(question, draft) is says
