from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain import Answer
from server.openai_protocol.completions import chunks_of, completion_of
from server.schemas import answer_json
from tests.server.answers import ANSWERS, answer_of

SENTENCES = st.lists(
    st.tuples(
        st.text(min_size=1), st.sampled_from(["supported", "partial", "unsupported"]), st.lists(st.integers(1, 9))
    )
)


def contents(answer: Answer) -> list[str]:
    """What the chunks add to the message."""
    deltas = [choice.delta for chunk in chunks_of(answer, with_usage=True) for choice in chunk.choices]
    return [delta.content for delta in deltas if delta.content]


@settings(deadline=None)
@given(SENTENCES, st.sampled_from(["", " ", "\n\n- "]))
def test_the_chunks_put_together_are_the_text(sentences: list[tuple[str, str, list[int]]], gap: str) -> None:
    answer = answer_of(*sentences, gap=gap)  # type: ignore[arg-type]
    assert "".join(contents(answer)) == answer.text == completion_of(answer).choices[0].message.content


def test_a_chunk_is_a_sentence_with_its_markers() -> None:
    answer = answer_of(("One.", "supported", [1, 2]), ("Two.", "unsupported", []))
    assert contents(answer) == ["One.[1][2] ", "Two."]


@settings(deadline=None)
@given(ANSWERS)
def test_the_answer_rides_along_unchanged(answer: Answer) -> None:
    expected = json.loads(json.dumps(answer_json(answer)))
    assert json.loads(completion_of(answer).model_dump_json())["pincite"] == expected
    *_, last, usage = [chunk.model_dump(mode="json") for chunk in chunks_of(answer, with_usage=True)]
    assert last["pincite"] == expected
    assert "pincite" not in usage


def test_a_stream_begins_with_the_role_and_ends_with_a_reason() -> None:
    first, *middle, last = [c.model_dump(mode="json") for c in chunks_of(answer_of(), with_usage=False)]
    assert first["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert [c["choices"][0]["delta"].keys() for c in middle] == [{"content"}]
    assert last["choices"] == [{"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}]


def test_usage_is_summed() -> None:
    usage = completion_of(answer_of()).usage.model_dump()
    assert usage == {
        "prompt_tokens": 10,
        "completion_tokens": 7,
        "total_tokens": 17,
        "prompt_tokens_details": {"cached_tokens": 5},
    }
