from __future__ import annotations

import json
import socket
from pathlib import Path

import huggingface_hub
import numpy as np
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from rag.embedding import open_embedder
from rag.embedding.base import Embedder
from rag.embedding.model_files import locate
from rag.embedding.openvino_embedder import OpenVinoEmbedder
from rag.embedding.sentence_transformer import SentenceTransformerEmbedder
from rag.errors import ModelError
from rag.models.catalog import catalog_model
from rag.models.references import resolve_embedder
from rag.settings import Settings

REFERENCES = json.loads((Path(__file__).parent / "e5_reference_vectors.json").read_text(encoding="utf-8"))


@pytest.fixture(params=["openvino", "torch"])
def either(request: pytest.FixtureRequest, embedder: Embedder, settings: Settings) -> Embedder:
    """The default embedder, run by each of the runtimes."""
    if request.param == "openvino":
        assert isinstance(embedder, OpenVinoEmbedder)
        return embedder
    return SentenceTransformerEmbedder(locate(resolve_embedder(embedder.name, settings.models_dir)))


@pytest.mark.models
def test_e5_agrees_with_the_vectors_of_the_engine_it_came_with(either: Embedder) -> None:
    """The references were recorded from the wheel's own C engine, which also rounds activations to 8 bits."""
    for reference in REFERENCES:
        embed = either.embed_queries if reference["kind"] == "query" else either.embed_passages
        expected = np.asarray(reference["vector"], np.float32)
        cosine = float(embed([reference["text"]])[0] @ expected / np.linalg.norm(expected))
        assert cosine >= 0.999, reference["text"]


@pytest.mark.models
def test_vectors_are_unit_rows_in_the_order_of_the_texts(either: Embedder) -> None:
    texts = ["A long sentence about phones that goes on for a good while.", "猫", "", "A cat.", "苹果选择了阿里巴巴。"]
    done: list[int] = []
    together = either.embed_passages(texts, batch_size=2, progress=done.append)
    alone = np.vstack([either.embed_passages([text]) for text in texts])
    assert together.dtype == np.float32
    assert together.shape == (len(texts), either.dimension)
    assert np.allclose(together, alone, atol=1e-4)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert done == [2, 2, 1]


@pytest.mark.models
def test_no_texts_give_no_rows(either: Embedder) -> None:
    assert either.embed_passages([]).shape == (0, either.dimension)
    assert either.embed_queries([]).shape == (0, either.dimension)


@pytest.mark.models
def test_queries_and_passages_have_prompts_of_their_own(either: Embedder) -> None:
    assert not np.allclose(either.embed_queries(["Apple"]), either.embed_passages(["Apple"]), atol=1e-3)


@pytest.mark.models
def test_identity_and_limits(either: Embedder) -> None:
    assert either.name == "multilingual-e5-small"
    assert either.sha256 == catalog_model("multilingual-e5-small").sha256
    assert either.dimension == 384
    assert 500 <= either.max_tokens <= 508
    text = "Apple chose 阿里巴巴."
    spans = either.token_spans(text)
    assert len(spans) == either.count_tokens(text)
    assert "".join(sorted({character for span in spans for character in span.of(text)})) == "".join(sorted(set(text)))


@pytest.mark.models
def test_loading_reaches_no_network_and_prints_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    folder = catalog_model("multilingual-e5-small").folder(settings.models_dir)
    opened = open_embedder(settings.model_copy(update={"embedder": str(folder)}))
    assert opened.embed_queries(["hello"]).shape == (1, 384)
    assert capfd.readouterr() == ("", "")
    assert len(opened.sha256) == 64
    assert opened.sha256 != catalog_model("multilingual-e5-small").sha256


def test_a_broken_folder_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="cannot be loaded from") as raised:
        open_embedder(Settings(embedder=str(tmp_path)))
    assert "\n" not in str(raised.value)


def test_a_hub_model_that_cannot_be_had_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> str:
        raise LocalEntryNotFoundError("Cannot find the files.\nAnd much more.")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", offline)
    with pytest.raises(ModelError) as raised:
        open_embedder(Settings(embedder="hf:org/name"))
    assert str(raised.value) == "The model org/name cannot be had from the Hugging Face Hub: Cannot find the files."


@pytest.mark.models
def test_a_hub_model_is_loaded_from_its_safetensors(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, list[str]]] = []

    def download(hub_id: str, allow_patterns: list[str]) -> str:
        asked.append((hub_id, allow_patterns))
        return str(catalog_model("multilingual-e5-small").folder(settings.models_dir))

    monkeypatch.setattr(huggingface_hub, "snapshot_download", download)
    opened = open_embedder(Settings(embedder="hf:org/name"))
    assert opened.name == "org/name"
    assert opened.dimension == 384
    assert asked[0][0] == "org/name"
    assert "*.safetensors" in asked[0][1]
    assert not any("bin" in pattern for pattern in asked[0][1])
