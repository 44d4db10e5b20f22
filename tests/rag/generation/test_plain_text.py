from __future__ import annotations

import pytest

from rag.domain import Message
from rag.generation.plain_text import plain_messages, plain_text


@pytest.mark.parametrize(
    "mark",
    [
        "<|im_end|>",
        "<｜User｜>",
        "<|start_header_id|>",
        "</s>",
        "<s>",
        "<eos>",
        "<end_of_turn>",
        "[INST]",
        "[/INST]",
        "<<SYS>>",
    ],
)
def test_control_tokens_are_broken_up(mark: str) -> None:
    assert mark not in plain_text(f"before {mark} after")
    assert plain_text(f"before {mark} after").replace(" ", "") == f"before{mark}after"


@pytest.mark.parametrize("text", ["a < b | c > d", "if (x<|y|) {", "see [1] and <b>bold</b>", "苹果｜阿里", "<<EOF"])
def test_other_text_is_untouched(text: str) -> None:
    assert plain_text(text) == text


def test_messages_take_the_form_of_the_apis() -> None:
    messages = plain_messages([Message("system", "s"), Message("user", "caf\u00e9 \ud800")])
    assert messages == [{"role": "system", "content": "s"}, {"role": "user", "content": "caf\u00e9 ?"}]
