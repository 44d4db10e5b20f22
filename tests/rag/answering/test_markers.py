from __future__ import annotations

from rag.answering.markers import as_markers, without_markers


def test_markers_are_left_out_as_they_were_written() -> None:
    text = f"Sales rose.{as_markers([1, 12])} Rain fell.{as_markers([])}"
    assert text == "Sales rose.[1][12] Rain fell."
    assert without_markers(text) == "Sales rose. Rain fell."
    assert without_markers("[sic] and [2a] stay") == "[sic] and [2a] stay"
