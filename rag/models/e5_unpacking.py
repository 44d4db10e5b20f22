"""Turns an E5S1 file into a plain sentence-transformers folder, which needs nothing of Pincite to load.

The encoder is a BERT; the tokenizer is XLM-R's: unigram pieces over NMT-style NFKC, spaces marked by U+2581. The map
in the file is that same normaliser written out by code point, so the library's own stands in for it; they differ in
U+FF5E (kept by the file) and in code points younger than it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.models.e5_file import E5File, E5Shape, E5Tokenizer, read_e5_file

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_PROMPTS = {"query": "query: ", "document": "passage: "}


def unpack_e5(source: Path, folder: Path) -> None:
    """Write the model in the E5S1 file ``source`` into ``folder``, which exists and is empty.

    Raises:
        ModelError: the file is not what it should be.
    """
    import safetensors.numpy  # noqa: PLC0415 - slow to import, and needed once in a model's life

    file = read_e5_file(source)
    weights = folder / "model.safetensors"
    safetensors.numpy.save_file(_bert_weights(file), weights, metadata={"format": "pt"})
    weights.chmod(0o644)  # the library writes for its owner alone, and a models folder may be shared
    _write_tokenizer(file.tokenizer, file.shape, folder)
    _write_json(folder / "config.json", _bert_config(file))
    _write_json(folder / "modules.json", _modules("Transformer", "Pooling", "Normalize"))
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": file.shape.positions, "do_lower_case": False})
    _write_json(folder / "config_sentence_transformers.json", {"prompts": _PROMPTS, "similarity_fn_name": "cosine"})
    pooling = {"word_embedding_dimension": file.shape.hidden, "pooling_mode_mean_tokens": True}
    _write_json(folder / "1_Pooling" / "config.json", pooling)


def _bert_weights(file: E5File) -> dict[str, NDArray[np.float32]]:
    hidden = file.shape.hidden
    weights = {}
    for name, tensor in file.tensors.items():
        bert_name = _bert_name(name)
        weights[bert_name] = tensor.reshape(_rows(bert_name, file.shape), -1) if _is_matrix(bert_name) else tensor
    # The pooler is not in the file and never used; without it the library would warn that it made one up.
    weights["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    weights["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    return weights


def _bert_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    suffix = "weight" if kind == "w" else "bias"
    return f"encoder.layer.{layer.removeprefix('l')}.{_LAYER_NAMES[part]}.{suffix}"


def _is_matrix(bert_name: str) -> bool:
    return bert_name.endswith(".weight") and "LayerNorm" not in bert_name


def _rows(bert_name: str, shape: E5Shape) -> int:
    special = {
        "word_embeddings.weight": shape.vocabulary,
        "position_embeddings.weight": shape.positions,
        "token_type_embeddings.weight": shape.token_types,
        "intermediate.dense.weight": shape.feed_forward,
    }
    return next((rows for ending, rows in special.items() if bert_name.endswith(ending)), shape.hidden)


def _bert_config(file: E5File) -> Mapping[str, Any]:
    shape = file.shape
    return {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "dtype": "float32",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "layer_norm_eps": shape.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": file.tokenizer.pad,
        "bos_token_id": file.tokenizer.bos,
        "eos_token_id": file.tokenizer.eos,
    }


def _write_tokenizer(parsed: E5Tokenizer, shape: E5Shape, folder: Path) -> None:
    import tokenizers as tk  # noqa: PLC0415

    tokenizer = tk.Tokenizer(tk.models.Unigram(list(parsed.pieces), parsed.unk, byte_fallback=False))
    collapse = tk.normalizers.Replace(tk.Regex(" {2,}"), " ")
    tokenizer.normalizer = tk.normalizers.Sequence([tk.normalizers.Nmt(), tk.normalizers.NFKC(), collapse])
    tokenizer.pre_tokenizer = tk.pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = tk.decoders.Metaspace(prepend_scheme="always")
    names = {role: parsed.pieces[getattr(parsed, role)][0] for role in ("bos", "eos", "pad", "unk")}
    tokenizer.post_processor = tk.processors.TemplateProcessing(
        single=f"{names['bos']} $A {names['eos']}",
        pair=f"{names['bos']} $A {names['eos']} {names['eos']} $B {names['eos']}",
        special_tokens=[(names["bos"], parsed.bos), (names["eos"], parsed.eos)],
    )
    tokenizer.add_special_tokens(list(names.values()))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    configuration = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": shape.positions,
        "model_input_names": ["input_ids", "attention_mask"],
        "cls_token": names["bos"],
        "sep_token": names["eos"],
        **{f"{role}_token": name for role, name in names.items()},
    }
    _write_json(folder / "tokenizer_config.json", configuration)


def _modules(*names: str) -> list[Mapping[str, Any]]:
    return [
        {
            "idx": index,
            "name": str(index),
            "path": f"{index}_{name}" if index else "",
            "type": f"sentence_transformers.models.{name}",
        }
        for index, name in enumerate(names)
    ]


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")
