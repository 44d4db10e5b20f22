"""Fixed samples: the same questions each time, whatever their order in the files."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from math import floor

from eval.suites import Query


def by_answerability(query: Query) -> Hashable:
    """Stratum for ``--limit``: answerable or not."""
    return query.answerable


def by_type_and_language(query: Query) -> Hashable:
    """Stratum for the gate's subset."""
    return query.type, query.language


def stratified_sample(
    queries: Sequence[Query], size: int, stratum: Callable[[Query], Hashable], seed: int = 7
) -> tuple[Query, ...]:
    """Return ``size`` queries, each stratum with its share (at least one where ``size`` allows), in file order.

    Within a stratum the queries with the smallest hash of seed and id are taken, so that adding or moving other
    questions changes the sample as little as possible.
    """
    return _first_of_each(queries, sorted(queries, key=lambda query: _rank(query, seed)), size, stratum)


def opposite_sample(
    queries: Sequence[Query], size: int, stratum: Callable[[Query], Hashable], seed: int = 7
) -> tuple[Query, ...]:
    """Return a sample as ``stratified_sample`` does, of the greatest hashes.

    The two share no question while both fit into every stratum: what is fitted on one is scored on the other.
    """
    ranked = sorted(queries, key=lambda query: _rank(query, seed), reverse=True)
    return _first_of_each(queries, ranked, size, stratum)


def _first_of_each(
    queries: Sequence[Query], ranked: Sequence[Query], size: int, stratum: Callable[[Query], Hashable]
) -> tuple[Query, ...]:
    if size >= len(queries):
        return tuple(queries)
    strata: dict[Hashable, list[Query]] = defaultdict(list)
    for query in ranked:
        strata[stratum(query)].append(query)
    shares = _shares({key: len(members) for key, members in strata.items()}, size)
    chosen = {query.id for key, members in strata.items() for query in members[: shares[key]]}
    return tuple(query for query in queries if query.id in chosen)


def _rank(query: Query, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{query.id}".encode()).hexdigest()


def _shares(counts: dict[Hashable, int], size: int) -> dict[Hashable, int]:
    """Largest remainders, with a floor of one for each stratum as long as they fit."""
    total = sum(counts.values())
    exact = {key: size * count / total for key, count in counts.items()}
    least = 1 if size >= len(counts) else 0
    shares = {key: max(least, floor(share)) for key, share in exact.items()}
    order = sorted(counts, key=lambda key: (shares[key] - exact[key], str(key)))
    while sum(shares.values()) < size:
        neediest = min(order, key=lambda key: shares[key] - exact[key])
        shares[neediest] += 1
    while sum(shares.values()) > size:
        richest = max((key for key in order if shares[key] > least), key=lambda key: shares[key] - exact[key])
        shares[richest] -= 1
    return shares
