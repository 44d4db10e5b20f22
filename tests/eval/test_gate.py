from __future__ import annotations

from pathlib import Path

import pytest

from eval.bootstrap import Estimate
from eval.gate import Floors, check, load_gate
from rag.errors import ConfigurationError


def _estimate(value: float | None) -> Estimate:
    return Estimate(value, value, value, 10)


def test_bounds() -> None:
    floors = Floors(at_least={"recall@5": 0.97, "absent": 0.5, "empty": 0.0}, at_most={"false_refusal_rate": 0.05})
    metrics = {"recall@5": _estimate(0.97), "false_refusal_rate": _estimate(0.06), "empty": _estimate(None)}
    assert {one.metric: one.passed for one in check(metrics, floors)} == {
        "recall@5": True,
        "absent": False,
        "empty": False,
        "false_refusal_rate": False,
    }
    assert check({"false_refusal_rate": _estimate(0.05)}, Floors(at_most={"false_refusal_rate": 0.05}))[0].passed


def test_the_projects_floors() -> None:
    gate = load_gate()
    assert gate.full.at_least == {
        "recall@5": 0.97,
        "answer_accuracy": 0.90,
        "refusal_recall": 0.90,
        "citation_precision": 0.95,
        "sentence_support": 0.95,
    }
    assert gate.full.at_most == {"false_refusal_rate": 0.05}
    assert set(gate.subset.at_least) == set(gate.full.at_least)
    assert gate.subset.size == 14


@pytest.mark.parametrize("content", ["[full", "[full]\nother = 1\n[subset]\nsize = 3", "[full]"])
def test_bad_files_are_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"gate\.toml"):
        load_gate(path)


def test_the_harbour_suite_has_floors_for_the_same_metrics() -> None:
    gate = load_gate()
    assert set(gate.harbour.at_least) > set(gate.full.at_least)
    assert set(gate.harbour.at_most) == set(gate.full.at_most)
    assert set(gate.harbour_subset.at_least) == set(gate.harbour.at_least)
    assert gate.harbour_subset.size == 8
