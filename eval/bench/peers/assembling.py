"""The job that all peers are given: the questions, and the models of the settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import psutil

from eval.bench.peers.job import Job
from rag.embedding.prompts import PASSAGE_PROMPTS, QUERY_PROMPTS, prompt_of
from rag.errors import ConfigurationError
from rag.models.references import ModelReference, resolve_embedder, resolve_generator
from rag.settings import Settings


def job_for(settings: Settings, questions: Sequence[str], warm_up: str) -> Job:
    """Return the job to put ``questions`` to the models of ``settings``; its passages are still missing.

    Raises:
        ModelError: a model is missing.
        ConfigurationError: the embedder is no folder, or the generator no GGUF file.
    """
    embedder = _of_kind("folder", resolve_embedder(settings.embedder, settings.models_dir))
    generator = _of_kind("gguf", resolve_generator(settings.generator, settings.models_dir))
    prompts = _prompts(embedder)
    return Job(
        passages=(),
        warm_up=warm_up,
        questions=tuple(questions),
        embedder=str(embedder),
        query_prompt=prompt_of(prompts, QUERY_PROMPTS),
        passage_prompt=prompt_of(prompts, PASSAGE_PROMPTS),
        generator=str(generator),
        context_tokens=settings.generation.context_tokens,
        answer_tokens=settings.generation.max_answer_tokens,
        threads=settings.generation.threads or psutil.cpu_count(logical=False) or 1,
    )


def _of_kind(kind: str, model: ModelReference) -> Path:
    if model.kind != kind:
        raise ConfigurationError(
            f"The peers cannot run {model.name}: they take a sentence-transformers folder and a GGUF file.",
            "Set an embedder and a generator that are files on this machine.",
        )
    return Path(model.location).resolve()


def _prompts(embedder: Path) -> dict[str, str | None]:
    file = embedder / "config_sentence_transformers.json"
    content = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    prompts: dict[str, str | None] = content.get("prompts") or {}
    return prompts
