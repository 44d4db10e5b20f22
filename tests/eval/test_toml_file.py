from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from eval.toml_file import load_toml
from rag.errors import ConfigurationError


class Size(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: int


def test_a_file_becomes_its_model(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("size = 3\n", encoding="utf-8")
    assert load_toml(tmp_path / "a.toml", Size, "size") == Size(size=3)


@pytest.mark.parametrize("content", ["size = ", "size = 'big'", "size = 3\nother = 1"])
def test_a_bad_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"a\.toml holds no valid size"):
        load_toml(tmp_path / "a.toml", Size, "size")
