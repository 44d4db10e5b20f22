from __future__ import annotations

import pytest

from rag.answering.versions import speaks_of_other_version


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("How many parameters does Qwen3-Max have?", "Qwen2.5-Max was trained on 20 trillion tokens.", True),
        ("Qwen3-Max有多少参数？", "Qwen2.5-Max用20万亿个词元训练。", True),
        ("How many parameters does Qwen3-Max have?", "Qwen3-Max and Qwen2.5-Max are models.", False),
        ("What is new in v2.1?", "The release v2.0 brought tables.", False),
        ("What is new in Widget2.1?", "The release Widget2.0 brought tables.", True),
        ("How much does GPT-4 cost?", "Prices rose in 2023.", False),
        ("Who makes QwQ-32B?", "MiMo is made by Xiaomi.", False),
        ("How did Huawei's sales change in Q3 2024?", "Huawei's sales rose in Q2.", False),
        ("How many iPhones were sold?", "The iPhone16 sold well.", False),
        ("", "", False),
    ],
)
def test_versions(question: str, text: str, other: bool) -> None:
    assert speaks_of_other_version(question, text) is other
