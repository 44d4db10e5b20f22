from __future__ import annotations

from pathlib import Path

from tests.server.soaking.clients import Tally
from tests.server.soaking.report import Sample, Soak, as_markdown, write_report


def soak(*, growth: float = 0.0, search_s: float = 0.05, wrongs: tuple[str, ...] = ()) -> Soak:
    tally = Tally(wrongs=list(wrongs))
    for _ in range(10):
        tally.note("search", 200, search_s)
    tally.note("chat", 429, 0.01)
    samples = [Sample(second, 1000 * (1 + growth * second / 100)) for second in range(101)]
    return Soak(40, 100.0, tally, samples)


def test_a_soak_without_faults_has_no_problems() -> None:
    assert soak().problems == []
    assert soak(growth=0.05).problems == []


def test_a_leak_a_slow_search_and_a_lost_message_are_problems() -> None:
    assert soak(growth=0.2).problems == ["memory grew by 10.1%"]
    assert soak(search_s=0.2).problems == ["p99 of search is 200 ms"]
    assert soak(wrongs=("turn 1 is lost",)).problems == ["turn 1 is lost"]


def test_the_report_counts_replies_by_status_and_draws_memory(tmp_path: Path) -> None:
    text = as_markdown(soak())
    assert "| search | 200 | 10 | 0.050 | 0.050 | 0.050 | 0.050 |" in text
    assert "| chat | 429 | 1 |" in text
    write_report(soak(), tmp_path)
    assert (tmp_path / "soak.svg").read_text(encoding="utf-8").rstrip().endswith("</svg>")
    assert (tmp_path / "soak.md").read_text(encoding="utf-8") == text
