from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.models.catalog import catalog_model
from rag.models.installation import write_stamp
from rag.models.references import ModelReference, resolve_embedder, resolve_generator

GENERATOR = "smollm2-135m-instruct-q4_1"
EMBEDDER = "all-minilm-l6-v2"


def pretend_fetched(name: str, models_dir: Path) -> None:
    model = catalog_model(name)
    for file in model.files:
        path = model.folder(models_dir) / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    write_stamp(model, model.folder(models_dir), {})


def test_a_fetched_generator_is_its_gguf_file(tmp_path: Path) -> None:
    pretend_fetched(GENERATOR, tmp_path)
    path = tmp_path / GENERATOR / f"{GENERATOR}.gguf"
    sha256 = catalog_model(GENERATOR).sha256
    assert resolve_generator(GENERATOR, tmp_path) == ModelReference("gguf", GENERATOR, str(path), sha256)


def test_a_fetched_embedder_is_its_folder(tmp_path: Path) -> None:
    pretend_fetched(EMBEDDER, tmp_path)
    sha256 = catalog_model(EMBEDDER).sha256
    assert resolve_embedder(EMBEDDER, tmp_path) == ModelReference("folder", EMBEDDER, str(tmp_path / EMBEDDER), sha256)


def test_not_fetched_says_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        resolve_generator(GENERATOR, tmp_path)
    assert raised.value.remedy == f"Run: pincite models fetch {GENERATOR}"


def test_the_role_must_fit(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="role of all-minilm-l6-v2 is embedder, not generator"):
        resolve_generator(EMBEDDER, tmp_path)
    with pytest.raises(ModelError, match="is generator, not embedder"):
        resolve_embedder(GENERATOR, tmp_path)


def test_a_gguf_file_by_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.q8.gguf"
    path.write_bytes(b"GGUF and more")
    assert resolve_generator(str(path), tmp_path) == ModelReference("gguf", "mine.q8", str(path), "")


def test_a_folder_by_path(tmp_path: Path) -> None:
    folder = tmp_path / "my-model"
    folder.mkdir()
    with pytest.raises(ModelError, match="is not a GGUF file or a Hugging Face folder"):
        resolve_generator(str(folder), tmp_path)
    (folder / "config.json").write_text("{}")
    expected = ModelReference("folder", "my-model", str(folder), "")
    assert resolve_generator(str(folder), tmp_path) == expected
    assert resolve_embedder(str(folder), tmp_path) == expected


def test_a_file_that_is_no_gguf(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"<html>")
    with pytest.raises(ModelError, match="is not a GGUF file"):
        resolve_generator(str(path), tmp_path)


def test_a_hub_name(tmp_path: Path) -> None:
    expected = ModelReference("hub", "Qwen/Qwen3-0.6B", "Qwen/Qwen3-0.6B", "")
    assert resolve_generator("hf:Qwen/Qwen3-0.6B", tmp_path) == expected
    assert resolve_embedder("hf:Qwen/Qwen3-0.6B", tmp_path) == expected


@pytest.mark.parametrize("reference", ["hf:", "hf:Qwen", "hf:/x", "hf:a/b/c"])
def test_a_hub_name_of_another_form(reference: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        resolve_generator(reference, tmp_path)
    assert raised.value.remedy == "Write hf:ORG/NAME."


def test_a_service(tmp_path: Path) -> None:
    expected = ModelReference("url", "qwen3:8b", "http://localhost:11434/v1", "")
    assert resolve_generator("http://localhost:11434/v1/#qwen3:8b", tmp_path) == expected


def test_a_service_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as raised:
        resolve_generator("https://example.org/v1", tmp_path)
    assert raised.value.remedy == "Write https://example.org/v1#MODEL."


def test_a_typing_mistake_gets_a_hint(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such name in the catalog and no such path") as raised:
        resolve_embedder("multilingual-e5-smal", tmp_path)
    assert "Did you mean multilingual-e5-small?" in raised.value.remedy
