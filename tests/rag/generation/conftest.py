"""The small model behind each backend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rag.generation.base import Generator
from rag.models.references import ModelReference, resolve_generator
from rag.settings import GenerationSettings, Settings

CONTEXT_TOKENS = 512


@pytest.fixture(scope="session")
def small_model() -> ModelReference:
    return resolve_generator("smollm2-135m-instruct-q4_1", Settings().models_dir)


@pytest.fixture(scope="session")
def small_settings() -> GenerationSettings:
    return GenerationSettings(context_tokens=CONTEXT_TOKENS)


@pytest.fixture(scope="session")
def llama_cpp(small_model: ModelReference, small_settings: GenerationSettings) -> Iterator[Generator]:
    from rag.generation.llama_cpp import LlamaCppGenerator  # noqa: PLC0415 - heavy

    generator = LlamaCppGenerator(small_model, small_settings)
    yield generator
    generator.close()


@pytest.fixture(scope="session")
def transformers(small_model: ModelReference, small_settings: GenerationSettings) -> Iterator[Generator]:
    from rag.generation.transformers import TransformersGenerator  # noqa: PLC0415 - heavy

    generator = TransformersGenerator(small_model, small_settings)
    yield generator
    generator.close()


@pytest.fixture(scope="session")
def service(small_model: ModelReference) -> Iterator[tuple[str, str]]:
    """A real server of the OpenAI protocol: its base URL and its key."""
    import xllamacpp  # noqa: PLC0415 - heavy

    params = xllamacpp.CommonParams()
    params.model.path = small_model.location
    params.n_parallel, params.n_ctx, params.n_batch = 2, 2 * CONTEXT_TOKENS, 64
    params.verbosity, params.api_keys = 0, ["the key"]
    params.ui = params.fit_params = False
    server: Any = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1", "the key"
    del server


@pytest.fixture(scope="session")
def openai_api(service: tuple[str, str]) -> Iterator[Generator]:
    from rag.generation.openai_api import OpenAIGenerator  # noqa: PLC0415 - heavy

    url, key = service
    settings = GenerationSettings(context_tokens=CONTEXT_TOKENS, api_key=key)
    generator = OpenAIGenerator(ModelReference("url", "smollm2", url, ""), settings)
    yield generator
    generator.close()
