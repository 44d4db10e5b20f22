"""Which texts are embedded together: of like length, and few enough that they stay in the processor's caches."""

from __future__ import annotations

from collections.abc import Sequence

# Larger batches of the default embedder fall out of the caches: 32 passages of 500 tokens take twice as long together
# as in batches of this size.
_BATCH_TOKENS = 1024


def in_batches(lengths: Sequence[int], batch_size: int, batch_tokens: int = _BATCH_TOKENS) -> list[list[int]]:
    """Return the row numbers of texts with ``lengths`` tokens in batches, shortest texts first.

    A batch holds at most ``batch_size`` texts, and no more than ``batch_tokens`` when each counts as the longest of
    them (they are padded to it); but always one.
    """
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        fits = (
            batches and len(batches[-1]) < batch_size and (len(batches[-1]) + 1) * max(lengths[row], 1) <= batch_tokens
        )
        if fits:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches
