from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from rag.embedding.tokenizer_file import TokenizerFile
from rag.errors import ModelError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    words = {"<s>": 0, "</s>": 1, "<unk>": 2, "passage": 3, ":": 4, "apple": 5}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", None, [("<s>", 0), ("</s>", 1)])
    tokenizer.enable_truncation(3)
    tokenizer.enable_padding(length=8)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path / "tokenizer.json"


def test_counts_leave_special_tokens_truncation_and_padding_out(path: Path) -> None:
    assert TokenizerFile(path, 512, "").count_tokens("apple apple apple apple apple") == 5


def test_the_prompt_and_special_tokens_are_taken_off_the_limit(path: Path) -> None:
    assert TokenizerFile(path, 512, "").max_tokens == 510
    assert TokenizerFile(path, 512, "passage: ").max_tokens == 508


def test_spans_locate_the_tokens(path: Path) -> None:
    text = "an apple: 苹果"
    spans = TokenizerFile(path, 512, "").token_spans(text)
    assert [span.of(text) for span in spans] == ["an", "apple", ":", "苹果"]


def test_a_missing_tokenizer_is_a_model_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"tokenizer\.json cannot be read"):
        TokenizerFile(tmp_path / "tokenizer.json", 512, "")
