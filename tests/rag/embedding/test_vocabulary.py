from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from rag.embedding.model_files import ModelFiles, locate
from rag.embedding.tokenizer_file import TokenizerFile
from rag.embedding.vocabulary import Vocabulary, write_vocabulary
from rag.models.references import resolve_embedder
from rag.settings import Settings

# Ambiguous on purpose, with scores that tie, and an unlikely piece that makes what is unknown cost even more.
PIECES = [
    ("<pad>", 0.0),
    ("<unk>", 0.0),
    ("▁", -2.0),
    ("a", -3.0),
    ("b", -3.0),
    ("ab", -6.0),
    ("▁a", -4.0),
    ("▁ab", -5.5),
    ("aba", -7.0),
    ("苹", -4.0),
    ("苹果", -5.0),
    ("果a", -5.0),
    ("z", -20.0),
    ("<s>", 0.0),
    ("</s>", 0.0),
]
TEXTS = st.lists(st.text("ab 苹果zÀx\0\n") | st.text() | st.sampled_from(["a <s> b", "ab</s>ab", "ＡＢ"]), max_size=4)


def written(folder: Path, tokenizer: Tokenizer) -> Path:
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder / "tokenizer.json"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    tokenizer = Tokenizer(models.Unigram(PIECES, 1, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing("<s> $A </s>", None, [("<s>", 13), ("</s>", 14)])
    tokenizer.add_special_tokens(["<pad>", "<unk>", "<s>", "</s>"])
    return written(tmp_path, tokenizer)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=TEXTS)
def test_a_vocabulary_cuts_as_the_whole_tokenizer_does(path: Path, texts: list[str]) -> None:
    write_vocabulary(path, path.parent / "pieces")
    vocabulary = Vocabulary.open(path.parent / "pieces")
    assert vocabulary is not None
    ours, whole = TokenizerFile(path, 8, "a: ", vocabulary), TokenizerFile(path, 8, "a: ")
    assert ours.model_input(texts) == whole.model_input(texts)
    assert [ours.token_spans(text) for text in texts] == [whole.token_spans(text) for text in texts]
    assert ours.max_tokens == whole.max_tokens


@pytest.mark.models
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=TEXTS | st.lists(st.text("the quick Apple's AI, 苹果公司选择了阿里巴巴。２０２５年①")))
def test_the_default_embedder_s_vocabulary_cuts_as_its_whole_tokenizer_does(
    default_tokenizers: tuple[TokenizerFile, TokenizerFile], texts: list[str]
) -> None:
    ours, whole = default_tokenizers
    assert ours.model_input(texts) == whole.model_input(texts)
    assert [ours.token_spans(text) for text in texts] == [whole.token_spans(text) for text in texts]


@pytest.fixture(scope="module")
def default_tokenizers(tmp_path_factory: pytest.TempPathFactory) -> tuple[TokenizerFile, TokenizerFile]:
    """The default embedder's tokenizer with its vocabulary on disk, of no more than few texts, and without."""
    default = Settings()
    file = locate(resolve_embedder(default.embedder, default.models_dir)).tokenizer
    folder = tmp_path_factory.mktemp("pieces")
    write_vocabulary(file, folder)
    return TokenizerFile(file, 512, "passage: ", Vocabulary.open(folder)), TokenizerFile(file, 512, "passage: ")


def test_the_file_is_not_read_for_few_texts_but_for_many(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_vocabulary(path, path.parent / "pieces")
    vocabulary = Vocabulary(path.parent / "pieces")
    tokens = TokenizerFile(path, 8, "", vocabulary)
    monkeypatch.setattr("rag.embedding.tokenizer_file._MANY", 20)
    opened: list[str] = []
    read = Tokenizer.from_file

    def noted(name: str) -> Tokenizer:
        opened.append(name)
        return read(name)

    monkeypatch.setattr(Tokenizer, "from_file", noted)
    assert [tokens.count_tokens("ab 苹果") for _ in range(4)] == [3] * 4
    assert opened == []
    assert [tokens.count_tokens("ab 苹果") for _ in range(4)] == [3] * 4
    assert opened == [str(path)]
    assert TokenizerFile(path, 8, "", vocabulary).count_tokens("ab 苹果" * 5) == 15
    assert opened == [str(path)] * 2


def test_a_text_with_a_special_token_is_left_to_the_whole_tokenizer(path: Path) -> None:
    write_vocabulary(path, path.parent / "pieces")
    vocabulary = Vocabulary(path.parent / "pieces")
    for text in ("a<s>", "a\0", "＜ｓ＞"):
        assert vocabulary.tokenizer_for(text) is None
        assert vocabulary.ids(text) is None
    assert vocabulary.tokenizer_for("ab") is not None
    assert vocabulary.ids("ab") == [7]


def test_a_tokenizer_of_another_kind_has_none(tiny_files: ModelFiles, tmp_path: Path) -> None:
    write_vocabulary(tiny_files.tokenizer, tmp_path / "pieces")
    assert Vocabulary.open(tmp_path / "pieces") is None


@pytest.mark.parametrize("name", ["pieces.npy", "rest.json"])
def test_a_damaged_one_is_not_used(path: Path, name: str) -> None:
    folder = path.parent / "pieces"
    write_vocabulary(path, folder)
    (folder / name).write_bytes(json.dumps({"ids": [1]}).encode())
    assert Vocabulary.open(folder) is None
    assert TokenizerFile(path, 8, "", Vocabulary.open(folder)).count_tokens("ab") == 1
