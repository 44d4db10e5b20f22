from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.openai_protocol.models import ALIAS, check_model
from server.problems import Problem


def test_a_model_is_asked_for_by_its_name_or_by_the_alias() -> None:
    check_model("qwen", "qwen")
    check_model(ALIAS, "qwen")


@settings(deadline=None)
@given(st.text().filter(lambda name: name not in (ALIAS, "qwen")))
def test_no_other_name_will_do(name: str) -> None:
    with pytest.raises(Problem) as caught:
        check_model(name, "qwen")
    assert (caught.value.status, caught.value.slug) == (404, "model-not-found")
