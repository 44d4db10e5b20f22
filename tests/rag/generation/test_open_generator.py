from __future__ import annotations

import pytest

from rag.errors import ConfigurationError
from rag.generation import open_generator
from rag.settings import GenerationSettings, Settings


def test_a_url_opens_the_openai_backend() -> None:
    generator = open_generator(Settings(generator="http://127.0.0.1:9/v1#qwen"))
    assert (generator.info.name, generator.info.backend) == ("qwen", "openai_api")
    generator.close()


def test_a_backend_that_cannot_run_the_model_is_an_error() -> None:
    settings = Settings(generator="http://127.0.0.1:9/v1#qwen", generation=GenerationSettings(backend="llama_cpp"))
    with pytest.raises(ConfigurationError, match="llama_cpp cannot run qwen"):
        open_generator(settings)
