"""Reading a candidate's probability off the distribution of the first token."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

# Enough for every spelling of yes and no in both languages to be among them, and cheap to report.
REPORTED_TOKENS = 200


def sum_spellings(reported: Iterable[tuple[str, float]], candidates: Sequence[str]) -> Mapping[str, float]:
    """Return the natural-log probability of each candidate, at most 0.

    ``reported`` are tokens with their log-probabilities. Tokens that differ from a candidate only in case and
    surrounding space count for it; a candidate that none matches gets the lowest log-probability reported.
    """
    tokens = [(_fold(token), logprob) for token, logprob in reported]
    floor = min((logprob for _, logprob in tokens), default=-math.inf)
    return {
        candidate: _log_sum([p for token, p in tokens if token == _fold(candidate)], floor) for candidate in candidates
    }


def _fold(token: str) -> str:
    return token.strip().casefold()


def _log_sum(logprobs: Sequence[float], floor: float) -> float:
    if not logprobs:
        return floor
    return min(0.0, math.log(math.fsum(math.exp(logprob) for logprob in logprobs)))
