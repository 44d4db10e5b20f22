from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from rag.embedding.base import Embedder

_SALES = "Huawei's sales rose 42% in the third quarter of 2024."


@pytest.fixture(autouse=True)
def _stand_in(monkeypatch: pytest.MonkeyPatch, bag_embedder: Embedder) -> None:
    monkeypatch.setattr("rag.embedding.open_embedder", lambda settings: bag_embedder)


def _written(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_support_tells_claims_apart_and_writes_what_was_cited(tmp_path: Path) -> None:
    claims = {"supported": _SALES, "partially_supported": _SALES.replace("42", "24"), "not_supported": "Rain fell."}
    path = _written(
        tmp_path / "claims.attrib.jsonl",
        [
            {"id": f"{label} {i}", "claim": claim, "evidence": [_SALES], "label": label}
            for label, claim in claims.items()
            for i in range(4)
        ],
    )
    out = tmp_path / "out" / "support.json"
    result = CliRunner().invoke(app, ["support", str(path), "--limit", "6", "--json", str(out)])
    assert result.exit_code == 0, result.output
    assert "| support_auc | 1.000 [1.000, 1.000] (6) |" in result.output
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["files"][path.name]["confusion"]["unsupported"] == {"supported": 0, "partial": 0, "unsupported": 2}
    lines = (tmp_path / "out" / "support.records.jsonl").read_text(encoding="utf-8").splitlines()
    assert {(row["label"], *row["cited"]["quotes"]) for row in map(json.loads, lines)} == {
        ("supported", _SALES),
        ("partial",),
        ("unsupported",),
    }


def test_faithfulness_goes_with_support(tmp_path: Path) -> None:
    suite = tmp_path / "set"
    suite.mkdir()
    _written(suite / "corpus.jsonl", [{"id": "a", "text": _SALES}])
    _written(suite / "queries.jsonl", [{"id": str(i), "question": "Sales?", "relevant": ["a"]} for i in range(6)])
    responses = [(_SALES, 4), (_SALES, 4), ("Sales of Huawei rose.", 3), ("Sales of Huawei rose.", 3), ("No.", 1)]
    ratings = _written(
        tmp_path / "ratings.jsonl",
        [
            {"task_id": str(i), "model": "m", "response": response, "faithfulness": [mark, mark]}
            for i, (response, mark) in enumerate([*responses, ("No.", 1), ("Elsewhere.", 1)])
        ],
    )
    out = tmp_path / "faith.json"
    arguments = ["faithfulness", str(ratings), "--suite", str(suite), "--json", str(out)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert figures["left_out"] == 1
    assert figures["spearman"]["all"]["value"] == pytest.approx(1.0)
    assert figures["spearman"]["m"]["n"] == 6


def test_errors_are_plain(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["support", str(tmp_path / "none.jsonl")])
    assert result.exit_code == 1
    assert "cannot be read" in " ".join(result.output.split())
