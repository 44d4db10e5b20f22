from __future__ import annotations

import json
from pathlib import Path

from eval.bootstrap import Estimate
from eval.report import plain
from eval.support.checker import Cited
from eval.support.reporting import confusion_table, estimates_table, save

_ESTIMATES = {"support_auc": Estimate(0.75, 0.7, 0.8, 9), "none": Estimate(None, None, None, 0)}


def test_tables() -> None:
    assert estimates_table(_ESTIMATES, "wice").splitlines() == [
        "| wice | value |",
        "|---|---|",
        "| support_auc | 0.750 [0.700, 0.800] (9) |",
        "| none | — |",
    ]
    counts = {"supported": {"supported": 3, "partial": 1}, "partial": {"supported": 0, "partial": 2}}
    assert confusion_table(counts).splitlines() == [
        "| label \\ verdict | supported | partial |",
        "|---|---|---|",
        "| supported | 3 | 1 |",
        "| partial | 0 | 2 |",
    ]


def test_figures_and_records_are_written_beside_one_another(tmp_path: Path) -> None:
    save(tmp_path / "new" / "a.json", {"auc": plain(_ESTIMATES)}, [Cited((), ("中",), ())])
    written = json.loads((tmp_path / "new" / "a.json").read_text(encoding="utf-8"))
    assert written["auc"]["support_auc"] == {"value": 0.75, "low": 0.7, "high": 0.8, "n": 9}
    lines = (tmp_path / "new" / "a.records.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["quotes"] for line in lines] == [["中"]]
    save(None, {}, [])
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
