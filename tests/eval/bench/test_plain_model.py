from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench.plain_model import PlainModel, plain_prompt
from rag.domain import Hit, Message, Passage
from rag.models.references import resolve_generator
from rag.settings import Settings


def hit(number: int, words: int) -> Hit:
    text = " ".join(["word"] * words)
    passage = Passage(f"p{number}", "d", f"Title {number}", 0, len(text), text, "en")
    return Hit(passage, 1.0)


def counted(text: str) -> int:
    return len(text.split())


def test_whole_passages_are_shown_while_they_fit() -> None:
    prompt = plain_prompt("Why?", [hit(1, 40), hit(2, 40), hit(3, 40)], counted, 90)[-1].content
    assert "Title 1" in prompt
    assert "Title 2" in prompt
    assert "Title 3" not in prompt
    assert "Why?" in prompt


def test_one_passage_is_shown_however_long_and_rules_are_in_the_language_of_the_question() -> None:
    rules, asked = plain_prompt("为什么选择阿里巴巴？", [hit(1, 200)], counted, 90)
    assert "Title 1" in asked.content
    assert "资料" in rules.content


@pytest.mark.models
def test_the_model_answers_and_is_timed(tmp_path: Path) -> None:
    reference = resolve_generator("smollm2-135m-instruct-q4_1", Settings().models_dir)
    times = PlainModel(reference.location, 512).time([Message("user", "Tell me a tale.")], 8)
    assert 0 < times.first < times.whole
