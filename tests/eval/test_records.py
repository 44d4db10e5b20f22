from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from eval.records import Record, log_line, to_json_line, write_atomically
from rag.domain import Sufficiency


def test_log_line_keeps_query_answer_hits_and_timings(record: Callable[..., Record]) -> None:
    one = record("Yes\n是", found=("a", "a", "b"), cited=("a",))
    assert one.answer is not None
    sufficiency = Sufficiency(0.5, 0.9, 0.4, MappingProxyType({"dense": 0.8}))
    line = log_line(replace(one, answer=replace(one.answer, sufficiency=sufficiency)))
    row = json.loads(line)
    assert line.count("\n") == 1
    assert row["query"]["id"] == "q"
    assert [hit["document_id"] for hit in row["hits"]] == ["a", "a", "b"]
    assert "passage" not in row["hits"][0]
    assert row["answer"]["text"] == "Yes\n是"
    assert row["answer"]["citations"][0]["document"]["id"] == "a"
    assert row["answer"]["timings_ms"]["total"] == 2000
    assert row["answer"]["sufficiency"]["features"] == {"dense": 0.8}


def test_views(record: Callable[..., Record]) -> None:
    one = record("Yes", found=("b", "a", "b"), cited=("a", "a"))
    assert one.ranking == ("b", "a")
    assert one.cited == {"a"}
    assert (one.answered, one.refused, one.answer_text) == (True, False, "Yes")
    refused = record("Not in the corpus.", refused=True)
    assert (refused.answered, refused.refused, refused.answer_text) == (False, True, "")
    nothing = record(None)
    assert (nothing.answered, nothing.refused, nothing.answer_text, nothing.cited) == (False, False, "", frozenset())


def test_what_has_no_json_form_is_an_error() -> None:
    with pytest.raises(TypeError, match="complex"):
        to_json_line({"x": 1j})


def test_write_is_atomic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a" / "b.json"
    write_atomically(path, "old")

    def fail(self: Path, target: Path) -> Path:
        raise OSError("disk")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk"):
        write_atomically(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
