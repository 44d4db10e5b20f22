from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.negotiation import preferred_media_type
from server.problems import Problem

OFFERED = ("application/json", "text/event-stream")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/event-stream", "text/event-stream"),
        ("application/json, text/event-stream", "application/json"),
        ("text/*", "text/event-stream"),
        ("text/event-stream, */*;q=0.1", "text/event-stream"),
        ("application/json;q=0.2, text/event-stream;q=0.9", "text/event-stream"),
        ("application/json;q=0, */*", "text/event-stream"),
        ("TEXT/Event-Stream ; charset=utf-8", "text/event-stream"),
    ],
)
def test_the_type_that_weighs_most_is_taken(accept: str, kind: str) -> None:
    assert preferred_media_type(accept, OFFERED) == kind


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "application/json;q=much"])
def test_a_client_that_takes_none_of_them_is_told_what_there_is(accept: str) -> None:
    with pytest.raises(Problem) as refused:
        preferred_media_type(accept, OFFERED)
    assert (refused.value.status, refused.value.slug) == (406, "not-acceptable")
    assert refused.value.extra["offered"] == "application/json, text/event-stream"


@settings(deadline=None)
@given(st.text())
def test_any_header_is_a_choice_or_a_problem(accept: str) -> None:
    try:
        assert preferred_media_type(accept, OFFERED) in OFFERED
    except Problem as problem:
        assert problem.status == 406
