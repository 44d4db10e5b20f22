from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType

import pytest

from rag.cli.output import print_json
from rag.domain import EvidenceSentence, Passage, Span


def printed(value: object, capsys: pytest.CaptureFixture[str]) -> object:
    print_json(value)
    return json.loads(capsys.readouterr().out)


def test_dataclasses_inside_dataclasses_become_objects(capsys: pytest.CaptureFixture[str]) -> None:
    passage = Passage("p", "d", "标题", 0, 2, "苹果", "zh", ("一",), None, (Span(0, 2),))
    value = printed(EvidenceSentence("苹果", 0, 2, passage, 0.5), capsys)
    assert isinstance(value, dict)
    assert value["passage"]["heading_path"] == ["一"]
    assert value["passage"]["sentences"] == [{"start": 0, "end": 2}]
    assert value["relevance"] == 0.5


def test_chinese_is_not_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"text": "苹果"})
    assert "苹果" in capsys.readouterr().out


def test_paths_mappings_and_iterables(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed([Path("a"), MappingProxyType({"k": 1}), frozenset({2})], capsys) == ["a", {"k": 1}, [2]]


def test_what_has_no_json_form_is_an_error() -> None:
    with pytest.raises(TypeError, match="object has no JSON form"):
        print_json(object())
