from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.bench.peers.assembling import job_for
from rag.errors import ConfigurationError, ModelError
from rag.settings import GenerationSettings, Settings


def settings_with(folder: Path, **values: object) -> Settings:
    """Settings with a folder of an embedder and a file of a generator that hold next to nothing."""
    embedder, generator = folder / "e5", folder / "m.gguf"
    embedder.mkdir(exist_ok=True)
    (embedder / "modules.json").write_text("[]", encoding="utf-8")
    generator.write_bytes(b"GGUF")
    return Settings.model_validate({"embedder": str(embedder), "generator": str(generator), **values})


def test_a_job_names_the_models_and_limits_of_the_settings(tmp_path: Path) -> None:
    generation = GenerationSettings(context_tokens=512, max_answer_tokens=9, threads=3)
    job = job_for(settings_with(tmp_path, generation=generation), ["Why?"], "Ready?")
    assert (job.embedder, job.generator) == (str(tmp_path / "e5"), str(tmp_path / "m.gguf"))
    assert (job.context_tokens, job.answer_tokens, job.threads) == (512, 9, 3)
    assert (job.warm_up, list(job.questions), list(job.passages)) == ("Ready?", ["Why?"], [])
    assert (job.query_prompt, job.passage_prompt) == ("", "")


@pytest.mark.parametrize("name", ["document", "passage"])
def test_the_prompts_are_those_of_the_embedder(tmp_path: Path, name: str) -> None:
    settings = settings_with(tmp_path)
    prompts = {"prompts": {"query": "query: ", name: "passage: "}}
    (tmp_path / "e5" / "config_sentence_transformers.json").write_text(json.dumps(prompts), encoding="utf-8")
    job = job_for(settings, ["Why?"], "Ready?")
    assert (job.query_prompt, job.passage_prompt) == ("query: ", "passage: ")


def test_as_many_threads_as_cores_unless_the_settings_say(tmp_path: Path) -> None:
    assert job_for(settings_with(tmp_path), ["Why?"], "Ready?").threads >= 1


@pytest.mark.parametrize("values", [{"generator": "http://localhost:1/v1#m"}, {"embedder": "hf:some/model"}])
def test_models_that_are_no_files_are_refused(tmp_path: Path, values: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="The peers cannot run"):
        job_for(settings_with(tmp_path, **values), ["Why?"], "Ready?")


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not in"):
        job_for(Settings(models_dir=tmp_path), ["Why?"], "Ready?")
