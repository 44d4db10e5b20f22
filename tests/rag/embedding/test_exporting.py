from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import rag.embedding
from rag.embedding import open_embedder
from rag.embedding.exporting import export
from rag.embedding.model_files import ModelFiles
from rag.embedding.openvino_embedder import Description, OpenVinoEmbedder
from rag.embedding.sentence_transformer import SentenceTransformerEmbedder
from rag.settings import Settings

# Some batches are embedded one after another, many side by side.
MANY = [f"{'word ' * (n % 7)}a" for n in range(40)]
TEXTS = ["A word", "a", "", "word " * 200, "a word: A word", "query: unknown 词"]


def test_an_export_embeds_as_the_model_does(tiny_files: ModelFiles, tmp_path: Path) -> None:
    description = export(tiny_files, tmp_path / "exported", quantized=False)
    assert description == Description(32, 64, "passage: ", "query: ")
    assert Description.read(tmp_path / "exported") == description
    ours, theirs = (
        OpenVinoEmbedder(tiny_files, tmp_path / "exported", description),
        SentenceTransformerEmbedder(tiny_files),
    )
    for one, other in (
        (ours.embed_passages(TEXTS, batch_size=2), theirs.embed_passages(TEXTS)),
        (ours.embed_queries(TEXTS), theirs.embed_queries(TEXTS)),
        (ours.embed_passages(MANY, batch_size=2), theirs.embed_passages(MANY)),
    ):
        assert one.shape == other.shape
        assert np.all((one * other).sum(axis=1) > 0.995)
    assert (ours.dimension, ours.max_tokens) == (theirs.dimension, theirs.max_tokens)


def test_a_model_whose_export_embeds_otherwise_is_not_run_from_it(tiny_files: ModelFiles, tmp_path: Path) -> None:
    config = tiny_files.folder / "sentence_bert_config.json"
    config.write_text(json.dumps({"max_seq_length": 64, "do_lower_case": True}), encoding="utf-8")
    settings = Settings(embedder=str(tiny_files.folder), models_dir=tmp_path / "models")
    assert isinstance(open_embedder(settings), SentenceTransformerEmbedder)
    (exported,) = (tmp_path / "models" / "openvino").iterdir()
    description = Description.read(exported)
    assert description is not None
    assert "its vectors differ" in description.unfit
    assert isinstance(open_embedder(settings), SentenceTransformerEmbedder)


def test_a_model_that_eight_bits_do_not_suit_is_exported_without_them(
    tiny_files: ModelFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = SentenceTransformerEmbedder(tiny_files).embed_queries(TEXTS)
    cosines = {}
    for name, least in (("exact", 1.1), ("quantized", 0.0)):
        monkeypatch.setattr("rag.embedding.exporting._LEAST_COSINE_QUANTIZED", least)
        description = export(tiny_files, tmp_path / name, quantized=True)
        assert not description.unfit
        exported = OpenVinoEmbedder(tiny_files, tmp_path / name, description)
        cosines[name] = float((exported.embed_queries(TEXTS) * original).sum(axis=1).min())
    assert 0.998 < cosines["quantized"] < cosines["exact"]


def test_a_model_is_exported_once(
    tiny_files: ModelFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(embedder=str(tiny_files.folder), models_dir=tmp_path / "models")
    first = open_embedder(settings)
    rag.embedding._open.cache_clear()  # as another process
    monkeypatch.setattr("rag.embedding.exporting.export", lambda *_, **__: pytest.fail("exported again"))
    second = open_embedder(settings)
    assert second is not first
    assert isinstance(second, OpenVinoEmbedder)
    assert np.array_equal(first.embed_queries(TEXTS), second.embed_queries(TEXTS))
    assert capfd.readouterr() == ("", "")


def test_a_process_shares_what_it_opened(tiny_files: ModelFiles, tmp_path: Path) -> None:
    settings = Settings(embedder=str(tiny_files.folder), models_dir=tmp_path / "models")
    with ThreadPoolExecutor(4) as threads:
        opened = list(threads.map(open_embedder, [settings] * 4))
    assert len(set(map(id, opened))) == 1
    exact = open_embedder(settings.model_copy(update={"embedder_quantized": False}))
    assert exact is not opened[0]
    assert len(list((tmp_path / "models" / "openvino").iterdir())) == 2


def test_a_damaged_export_is_made_anew(tiny_files: ModelFiles, tmp_path: Path) -> None:
    settings = Settings(embedder=str(tiny_files.folder), models_dir=tmp_path / "models")
    open_embedder(settings)
    rag.embedding._open.cache_clear()
    (exported,) = (tmp_path / "models" / "openvino").iterdir()
    (exported / "encoder.json").write_text("{", encoding="utf-8")
    assert isinstance(open_embedder(settings), OpenVinoEmbedder)
    assert [path.name for path in exported.parent.iterdir()] == [exported.name]


def test_exports_of_other_versions_make_way(tiny_files: ModelFiles, tmp_path: Path) -> None:
    settings = Settings(embedder=str(tiny_files.folder), models_dir=tmp_path / "models")
    open_embedder(settings)
    rag.embedding._open.cache_clear()
    (exported,) = (tmp_path / "models" / "openvino").iterdir()
    exported.rename(exported.with_name(f"{exported.name[:21]}-2020.1"))
    another = exported.with_name(f"{exported.name[:16]}-half-2020.1")
    another.mkdir()
    open_embedder(settings)
    assert set(exported.parent.iterdir()) == {exported, another}


def test_an_export_that_fails_leaves_the_others(
    tiny_files: ModelFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(embedder=str(tiny_files.folder), models_dir=tmp_path / "models")
    open_embedder(settings)
    rag.embedding._open.cache_clear()
    (exported,) = (tmp_path / "models" / "openvino").iterdir()
    older = exported.rename(exported.with_name(f"{exported.name[:21]}-2020.1"))

    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("rag.embedding.exporting.export", full)
    assert isinstance(open_embedder(settings), SentenceTransformerEmbedder)
    assert list(older.parent.iterdir()) == [older]


def test_where_nothing_can_be_written_torch_embeds(tiny_files: ModelFiles, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where a folder should be", encoding="utf-8")
    settings = Settings(embedder=str(tiny_files.folder), models_dir=tmp_path / "models")
    assert isinstance(open_embedder(settings), SentenceTransformerEmbedder)


def test_exports_at_the_same_time_leave_one(tiny_files: ModelFiles, tmp_path: Path) -> None:
    both = [
        threading.Thread(target=export, args=(tiny_files, tmp_path / "exported"), kwargs={"quantized": False})
        for _ in range(2)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(120)
    assert Description.read(tmp_path / "exported") is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exported", "tiny"]
