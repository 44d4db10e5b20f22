from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from rag import Answer
from server.schemas import ChatRequest, SearchRequest, answer_json, metadata_of
from tests.server.answers import ANSWERS


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ANSWERS)
def test_the_json_of_an_answer_has_the_keys_of_the_contract_in_order(answer: Answer) -> None:
    told = json.loads(json.dumps(answer_json(answer)))
    assert list(told) == [field.name for field in dataclasses.fields(Answer)]
    assert told["text"] == answer.text
    assert [sentence["verdict"] for sentence in told["sentences"]] == [s.verdict for s in answer.sentences]


@settings(deadline=None)
@given(st.text(st.characters()))
def test_any_text_is_taken_storable_or_turned_away(text: str) -> None:
    try:
        taken = ChatRequest(question=text).question
    except ValidationError:
        assert any("\ud800" <= character <= "\udfff" for character in text)
    else:
        taken.encode()
        assert taken == text.replace("\x00", " ")


def test_filters_become_metadata() -> None:
    request = SearchRequest.model_validate({"query": "x", "filters": {"a": "b", "c": ["d", 1, True], "e": False}})
    assert metadata_of(request.filters) == {"a": "b", "c": ("d", "1", "True"), "e": False}


@pytest.mark.parametrize(
    "filters",
    [{"": "x"}, {"a" * 101: "x"}, {"a": "x" * 501}, {"a": None}, {str(n): "x" for n in range(21)}, {"a": ["x"] * 101}],
)
def test_filters_have_limits(filters: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SearchRequest.model_validate({"query": "x", "filters": filters})
