import pytest

from rag.cli.filters import parse_filters
from rag.errors import ConfigurationError


def test_conditions_become_a_filter() -> None:
    assert parse_filters(["topic=regulation", "language=zh", "topic=market", "note=a=b"]) == {
        "topic": ("regulation", "market"),
        "language": ("zh",),
        "note": ("a=b",),
    }


@pytest.mark.parametrize("condition", ["topic", "=x", ""])
def test_what_is_no_condition_is_an_error(condition: str) -> None:
    with pytest.raises(ConfigurationError, match="KEY=VALUE"):
        parse_filters([condition])
