"""The values that steps pass on."""

from __future__ import annotations

import ast
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import rag.domain
from rag.domain import Document, Span, Usage


def test_a_span_counts_code_points() -> None:
    text = "A😀中文"
    assert Span(1, 3).of(text) == "😀中"
    assert Span(2, 2).of(text) == ""


def test_values_are_frozen_and_compare_by_content() -> None:
    document = Document("d", "Title", "d.md", "text", "en", "v", "markdown")
    assert document == Document("d", "Title", "d.md", "text", "en", "v", "markdown")
    with pytest.raises(FrozenInstanceError):
        document.text = "other"  # type: ignore[misc]


def test_usage_adds_up() -> None:
    assert Usage(1, 2, 3) + Usage(10, 20, 30) == Usage(11, 22, 33)
    assert sum([Usage(1, 0, 1)] * 3, Usage()) == Usage(3, 0, 3)


def test_the_domain_imports_nothing_of_the_house() -> None:
    tree = ast.parse(Path(rag.domain.__file__).read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert not any(module.split(".")[0] in ("rag", "server", "eval", "") for module in modules)
