from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.embedding.batches import in_batches


@given(
    st.lists(st.integers(min_value=0, max_value=512)),
    st.integers(min_value=1, max_value=5),
    st.integers(min_value=1, max_value=600),
)
def test_every_text_is_in_one_batch_within_both_limits(lengths: list[int], batch_size: int, batch_tokens: int) -> None:
    batches = in_batches(lengths, batch_size, batch_tokens)
    assert sorted(row for batch in batches for row in batch) == list(range(len(lengths)))
    for batch in batches:
        assert 1 <= len(batch) <= batch_size
        assert len(batch) == 1 or len(batch) * max(lengths[row] for row in batch) <= batch_tokens


def test_texts_of_like_length_come_together_shortest_first() -> None:
    assert in_batches([9, 1, 8, 2], batch_size=2) == [[1, 3], [2, 0]]
