from __future__ import annotations

import pytest

from eval.bench.counting import counting


def test_the_bar_counts_the_steps_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    with counting("rounds", 3) as done:
        done()
        done()
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "2/3" in shown.err
