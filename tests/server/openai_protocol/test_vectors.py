from __future__ import annotations

import base64

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from server.openai_protocol.vectors import EmbeddingsRequest, embedding

FLOATS = st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=8)


@settings(deadline=None)
@given(FLOATS)
def test_both_encodings_hold_the_same_floats(numbers: list[float]) -> None:
    vector = np.array(numbers, np.float32)
    coded = embedding(3, vector, "base64").embedding
    assert isinstance(coded, str)
    assert np.frombuffer(base64.b64decode(coded), "<f4").tolist() == embedding(3, vector, "float").embedding == numbers


@settings(deadline=None)
@given(st.text(min_size=1))
def test_a_text_is_a_list_of_one(text: str) -> None:
    alone = EmbeddingsRequest.model_validate({"model": "pincite", "input": text})
    assert alone == EmbeddingsRequest.model_validate({"model": "pincite", "input": [text]})


@pytest.mark.parametrize("tokens", [[1, 2], [[1], [2]], ["a", 1], 7, None])
def test_tokens_are_turned_away(tokens: object) -> None:
    with pytest.raises(ValidationError, match="Send text"):
        EmbeddingsRequest.model_validate({"model": "pincite", "input": tokens})
