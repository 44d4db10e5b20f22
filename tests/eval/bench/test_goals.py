from __future__ import annotations

from eval.bench.goals import Row, as_markdown, at_least, at_most
from eval.bench.spread import spread


def test_a_bound_is_kept_by_the_median() -> None:
    assert Row("search", "p50", spread([5.0, 12.0, 40.0]), at_most(12)).reached
    assert Row("ingest", "times", spread([3.9, 3.9, 9.0]), at_least(4)).reached is False
    assert Row("ingest", "tokens", spread([1.0])).reached is None


def test_the_table_marks_each_row() -> None:
    rows = [
        Row("search", "p50", spread([5.0]), at_most(12)),
        Row("ingest", "times", spread([3.0]), at_least(4)),
        Row("ingest", "tokens", spread([1.0])),
    ]
    assert as_markdown(rows).splitlines()[2:] == [
        "| search | p50 | 5.00 [5.00, 5.00] | at most 12 | reached |",
        "| ingest | times | 3.00 [3.00, 3.00] | at least 4 | missed |",
        "| ingest | tokens | 1.00 [1.00, 1.00] |  |  |",
    ]
