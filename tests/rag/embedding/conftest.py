"""A sentence-transformers model of a few kilobytes, its weights random, and where it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel

import rag.embedding
from rag.embedding.model_files import ModelFiles

WORDS = {"[CLS]": 0, "[PAD]": 1, "[SEP]": 2, "[UNK]": 3, "passage": 4, "query": 5, ":": 6, "A": 7, "a": 8, "word": 9}


@pytest.fixture(autouse=True)
def nothing_opened() -> Iterator[None]:
    """What a test opens is not what another opened before it."""
    rag.embedding._open.cache_clear()
    yield
    rag.embedding._open.cache_clear()


@pytest.fixture
def tiny_files(tmp_path: Path) -> ModelFiles:
    folder = tmp_path / "tiny"
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        pad_token_id=1,
        initializer_range=1.0,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer = Tokenizer(models.WordLevel(WORDS, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 0), ("[SEP]", 2)])
    tokenizer.save(str(folder / "tokenizer.json"))
    kind = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 64}
    special = {"cls_token": "[CLS]", "pad_token": "[PAD]", "sep_token": "[SEP]", "unk_token": "[UNK]"}
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    ]
    pooling = {"word_embedding_dimension": 32, "pooling_mode_mean_tokens": True}
    (folder / "1_Pooling").mkdir()
    for path, content in {
        "tokenizer_config.json": kind | special,
        "modules.json": modules,
        "sentence_bert_config.json": {"max_seq_length": 64, "do_lower_case": False},
        "1_Pooling/config.json": pooling,
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "passage": "passage: "}},
    }.items():
        (folder / path).write_text(json.dumps(content), encoding="utf-8")
    return ModelFiles("tiny", folder, "0" * 64)
