"""A TOML file read into a checked model."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rag.errors import ConfigurationError

_Content = TypeVar("_Content", bound=BaseModel)


def load_toml(path: Path, model: type[_Content], what: str) -> _Content:
    """Return the content of ``path``, a file of ``what``.

    Raises:
        ConfigurationError: the file cannot be parsed or has an unknown key.
    """
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigurationError(f"{path} holds no valid {what}: {error}.", "Mend the file.") from error
