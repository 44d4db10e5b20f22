from __future__ import annotations

import pytest
import typer

from eval.plain_errors import with_plain_errors
from rag.errors import PinciteError


def test_an_expected_error_is_two_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    @with_plain_errors
    def fail() -> None:
        raise PinciteError("[red]It broke.", "Mend it.")

    with pytest.raises(typer.Exit) as left:
        fail()
    assert left.value.exit_code == 1
    assert capsys.readouterr().err.splitlines() == ["Error: [red]It broke.", "Mend it."]


def test_an_unexpected_error_is_not_hidden() -> None:
    @with_plain_errors
    def fail() -> None:
        raise ValueError("a fault of ours")

    with pytest.raises(ValueError, match="a fault of ours"):
        fail()
