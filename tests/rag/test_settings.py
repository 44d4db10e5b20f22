"""Settings: where they come from, who wins, and what is said when one is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.errors import ConfigurationError
from rag.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _clean_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("PINCITE_")]:
        monkeypatch.delenv(name)


def test_without_file_and_environment_the_defaults_hold() -> None:
    assert load_settings() == Settings()
    assert load_settings().chunking.target_tokens == 160


def test_the_environment_wins_over_the_file_and_overrides_over_both(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("pincite.toml").write_text(
        'embedder = "from-file"\ngenerator = "from-file"\n[retrieval]\ntop_k = 3\ncandidates = 20\n', encoding="utf-8"
    )
    monkeypatch.setenv("PINCITE_RETRIEVAL__TOP_K", "5")
    monkeypatch.setenv("PINCITE_EMBEDDER", "from-environment")
    loaded = load_settings(generator="from-call")
    assert (loaded.retrieval.top_k, loaded.retrieval.candidates) == (5, 20)
    assert (loaded.embedder, loaded.generator) == ("from-environment", "from-call")


def test_the_variable_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "other.toml"
    path.write_text("corpus_dir = 'documents'\n", encoding="utf-8")
    monkeypatch.setenv("PINCITE_CONFIG", str(path))
    assert load_settings().corpus_dir == Path("documents")


def test_a_value_may_be_unset_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_ANSWERING__CONFIDENCE", "0.5")
    assert load_settings().answering.confidence == 0.5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("colour = 1", "colour: is not a setting"),
        ("[retrieval]\nbest = 1", "retrieval.best: is not a setting"),
        ("[retrieval]\ntop_k = 0", "retrieval.top_k"),
        ("retrieval = 3", "retrieval"),
        ('generator = ""', "generator"),
        ("= nonsense", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(content: str, said: str) -> None:
    Path("pincite.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize("name", ["PINCITE_COLOUR", "PINCITE_RETRIEVAL__BEST", "PINCITE_EMBEDDER__NAME", "PINCITE_"])
def test_an_unknown_variable_is_an_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(ConfigurationError):
        load_settings()


def test_a_variable_below_a_value_of_the_file_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("pincite.toml").write_text('embedder = "e"\n', encoding="utf-8")
    monkeypatch.setenv("PINCITE_EMBEDDER__NAME", "x")
    with pytest.raises(ConfigurationError, match="PINCITE_EMBEDDER__NAME: embedder has a value already"):
        load_settings()


def test_a_variable_of_a_group_and_one_inside_it_is_an_error_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINCITE_RETRIEVAL__TOP_K", "5")
    monkeypatch.setenv("PINCITE_RETRIEVAL", "5")
    with pytest.raises(ConfigurationError):
        load_settings()


def test_a_missing_named_file_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        load_settings(tmp_path / "none.toml")
    monkeypatch.setenv("PINCITE_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(ConfigurationError, match="does not exist"):
        load_settings()


def test_an_unreadable_encoding_is_an_error() -> None:
    Path("pincite.toml").write_bytes(b"generator = '\xff'\n")
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        load_settings()


def test_a_key_is_not_shown() -> None:
    assert "secret" not in repr(Settings.model_validate({"generation": {"api_key": "secret"}}))
