"""Fixed samples: the same questions each time, whatever their order in the files."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from math import floor
from typing import Protocol, TypeVar

from eval.suites import Query


class Identified(Protocol):
    """What a sample is drawn from: things with an id."""

    @property
    def id(self) -> str:
        """Tells one from another, and decides which are drawn."""


_Item = TypeVar("_Item", bound=Identified)


def by_answerability(query: Query) -> Hashable:
    """Stratum for ``--limit``: answerable or not."""
    return query.answerable


def by_type_and_language(query: Query) -> Hashable:
    """Stratum for the gate's subset."""
    return query.type, query.language


def stratified_sample(
    items: Sequence[_Item], size: int, stratum: Callable[[_Item], Hashable], seed: int = 7
) -> tuple[_Item, ...]:
    """Return ``size`` items, each stratum with its share (at least one where ``size`` allows), in file order.

    Within a stratum the items with the smallest hash of seed and id are taken, so that adding or moving others
    changes the sample as little as possible.
    """
    return _first_of_each(items, sorted(items, key=lambda item: _rank(item, seed)), size, stratum)


def opposite_sample(
    items: Sequence[_Item], size: int, stratum: Callable[[_Item], Hashable], seed: int = 7
) -> tuple[_Item, ...]:
    """Return a sample as ``stratified_sample`` does, of the greatest hashes.

    The two share nothing while both fit into every stratum: what is fitted on one is scored on the other.
    """
    ranked = sorted(items, key=lambda item: _rank(item, seed), reverse=True)
    return _first_of_each(items, ranked, size, stratum)


def _first_of_each(
    items: Sequence[_Item], ranked: Sequence[_Item], size: int, stratum: Callable[[_Item], Hashable]
) -> tuple[_Item, ...]:
    if size >= len(items):
        return tuple(items)
    strata: dict[Hashable, list[_Item]] = defaultdict(list)
    for item in ranked:
        strata[stratum(item)].append(item)
    shares = _shares({key: len(members) for key, members in strata.items()}, size)
    chosen = {item.id for key, members in strata.items() for item in members[: shares[key]]}
    return tuple(item for item in items if item.id in chosen)


def _rank(item: Identified, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{item.id}".encode()).hexdigest()


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
