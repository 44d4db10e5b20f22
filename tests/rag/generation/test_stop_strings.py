from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.generation.stop_strings import StopStrings

TEXT = st.text(alphabet="ab\n", max_size=20)


@settings(max_examples=200)
@given(pieces=st.lists(TEXT, max_size=6), stop=st.text(alphabet="ab\n", min_size=1, max_size=4))
def test_pieces_make_the_text_before_the_stop(pieces: list[str], stop: str) -> None:
    strings = StopStrings([stop])
    shown = "".join([strings.take(piece) for piece in pieces]) + strings.rest()
    before, found, _ = "".join(pieces).partition(stop)
    assert shown == before
    assert strings.reached == bool(found)


def test_text_that_cannot_become_a_stop_is_not_held_back() -> None:
    strings = StopStrings(["\n\n", "END"])
    assert strings.take("abc\n") == "abc"
    assert strings.take("def") == "\ndef"
    assert strings.take("E") == ""
    assert strings.rest() == "E"


def test_without_stop_strings_everything_passes() -> None:
    assert StopStrings([""]).take("abc") == "abc"
