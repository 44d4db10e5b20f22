from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.markdown import table_of
from rag.errors import PinciteError


def test_each_run_is_a_column_and_each_metric_a_row(tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    metric = {"value": 0.5, "low": 0.25, "high": 0.75, "n": 4}
    nothing = {"value": None, "low": None, "high": None, "n": 0}
    one.write_text(json.dumps({"run": {"suites": []}, "recall@5": metric, "rouge_l": nothing, "slices": {}}))
    other.write_text(
        json.dumps({"run": {}, "recall@5": metric, "token_f1": metric, "slices": {}, "questions": [{"id": "1"}]})
    )
    assert table_of([one, other]).split("\n") == [
        "| metric | one | other |",
        "| --- | --- | --- |",
        "| recall@5 | 0.500 [0.250, 0.750] (4) | 0.500 [0.250, 0.750] (4) |",
        "| rouge_l | — | — |",
        "| token_f1 | — | 0.500 [0.250, 0.750] (4) |",
    ]


@pytest.mark.parametrize("content", ["", "[]", '{"recall@5": 3}'])
def test_a_file_of_something_else_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "out.json"
    path.write_text(content)
    with pytest.raises(PinciteError, match="holds no metrics"):
        table_of([path])
    with pytest.raises(PinciteError, match="holds no metrics"):
        table_of([tmp_path / "missing.json"])
